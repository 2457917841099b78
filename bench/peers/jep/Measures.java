import java.util.LinkedHashMap;
import java.util.Map;

import jep.JepException;
import jep.SharedInterpreter;
import jep.python.PyCallable;
import jep.python.PyObject;

/**
 * The measures of bench/pybridge in Java, on Jep: what {@code bench/pybridge -jep} runs.
 *
 * Prints a line for each measure: its name and the nanoseconds for one turn, parted by a tab. Each is the least of many
 * rounds, after some that let the compiler of Java do its work. Jep takes Python's lock for each call; there is no way
 * to keep it.
 */
public final class Measures {
    private static final int WARM_UP = 50;
    private static final int ROUNDS = 50;
    private static final long CHUNK = 2_000_000;

    /** What one turn does. */
    private interface Turn {
        Object run(long i) throws JepException;
    }

    /** Where results go, so that none is left out. */
    private static volatile Object sink;

    public static void main(String[] arguments) throws JepException {
        try (SharedInterpreter python = new SharedInterpreter()) {
            for (Map.Entry<String, Turn> measure : measures(python).entrySet()) {
                System.out.printf("%s\t%.1f%n", measure.getKey(), least(measure.getValue()));
            }
        }
    }

    private static Map<String, Turn> measures(SharedInterpreter python) throws JepException {
        Map<String, Turn> all = new LinkedHashMap<>();
        PyCallable nothing = python.getValue("lambda: None", PyCallable.class);
        all.put("f()", i -> nothing.call());
        PyCallable str = python.getValue("str", PyCallable.class);
        all.put("str(i) to a Go string", i -> str.callAs(String.class, i));
        PyCallable foo = python.getValue("lambda: str(1)", PyCallable.class);
        all.put("foo() that returns str(1)", i -> foo.callAs(String.class));
        PyObject number = python.getValue("type('Number', (int,), {'__slots__': ()})(12345678901)", PyObject.class);
        all.put("str of an object", i -> number.toString());
        PyObject list = python.getValue("[1, 2, 3]", PyObject.class);
        all.put("method: l.count(2)", i -> {
            try (PyCallable count = list.getAttr("count", PyCallable.class)) {
                return count.callAs(Long.class, 2L);
            }
        });
        PyObject text = python.getValue("type('Text', (str,), {})('text')", PyObject.class);
        all.put("method with a text: s.startswith('no')", i -> {
            try (PyCallable startswith = text.getAttr("startswith", PyCallable.class)) {
                return startswith.callAs(Boolean.class, "no");
            }
        });
        PyObject point = python.getValue("type('Point', (), {'x': 1.5})()", PyObject.class);
        all.put("attribute: p.x", i -> point.getAttr("x", Double.class));
        PyCallable keywords = python.getValue("lambda a, b=1, c=2: a", PyCallable.class);
        all.put("keywords: f(1, b=3, c=4)", i -> keywords.callAs(Long.class, new Object[] {1L}, Map.of("b", 3L, "c", 4L)));
        PyCallable wrong = python.getValue("lambda: (_ for _ in ()).throw(ValueError('no'))", PyCallable.class);
        all.put("exception", i -> {
            try {
                return wrong.call();
            } catch (JepException expected) {
                return expected;
            }
        });
        return all;
    }

    private static double least(Turn turn) throws JepException {
        long turns = 1;
        for (int round = 0; round < WARM_UP; round++) {
            long took = time(turn, turns);
            if (took < CHUNK / 4) {
                turns *= 2;
            }
        }
        double best = Double.POSITIVE_INFINITY;
        for (int round = 0; round < ROUNDS; round++) {
            best = Math.min(best, (double) time(turn, turns) / turns);
        }
        return best;
    }

    private static long time(Turn turn, long turns) throws JepException {
        long start = System.nanoTime();
        for (long i = 0; i < turns; i++) {
            sink = turn.run(1000 + i);
        }
        return System.nanoTime() - start;
    }
}
