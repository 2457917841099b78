//! The measures of bench/pybridge in Rust, on PyO3: what `bench/pybridge -pyo3` runs.
//!
//! Prints a line for each measure: its name, then the nanoseconds for one turn when Python is attached for
//! each call, and when it stays attached, parted by tabs. Each is the least of many rounds.

use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use pyo3::ffi::c_str;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyDict, PyString};

const ROUNDS: u32 = 50;
const CHUNK: Duration = Duration::from_millis(2);

/// A measure is what one turn does with the object that it is about.
struct Measure {
    name: &'static str,
    source: &'static str,
    turn: for<'py> fn(&Bound<'py, PyAny>, i64) -> PyResult<()>,
}

fn text(o: &Bound<'_, PyAny>) -> PyResult<()> {
    black_box(o.cast::<PyString>()?.to_str()?.to_owned());
    Ok(())
}

fn measures() -> Vec<Measure> {
    vec![
        Measure { name: "f()", source: "lambda: None", turn: |f, _| f.call0().map(drop) },
        Measure { name: "str(i) to a Go string", source: "str", turn: |f, i| text(&f.call1((i,))?) },
        Measure { name: "foo() that returns str(1)", source: "lambda: str(1)", turn: |f, _| text(&f.call0()?) },
        Measure {
            name: "str of an object",
            source: "type('Number', (int,), {'__slots__': ()})(12345678901)",
            turn: |o, _| text(o.str()?.as_any()),
        },
        Measure {
            name: "method: l.count(2)",
            source: "[1, 2, 3]",
            turn: |l, _| l.call_method1(intern!(l.py(), "count"), (2,))?.extract::<i64>().map(|n| { black_box(n); }),
        },
        Measure {
            name: "method with a text: s.startswith('no')",
            source: "'text'",
            turn: |s, _| s.call_method1(intern!(s.py(), "startswith"), ("no",))?.extract::<bool>().map(|b| { black_box(b); }),
        },
        Measure {
            name: "attribute: p.x",
            source: "type('Point', (), {'x': 1.5})()",
            turn: |p, _| p.getattr(intern!(p.py(), "x"))?.extract::<f64>().map(|x| { black_box(x); }),
        },
        Measure {
            name: "keywords: f(1, b=3, c=4)",
            source: "lambda a, b=1, c=2: a",
            turn: |f, _| {
                let kw = [("b", 3), ("c", 4)].into_py_dict(f.py())?;
                f.call((1,), Some(&kw))?.extract::<i64>().map(|n| { black_box(n); })
            },
        },
        Measure { name: "a new object: list()", source: "list", turn: |f, _| f.call0().map(|o| drop(o.unbind())) },
        Measure {
            name: "exception",
            source: "eval('lambda: (_ for _ in ()).throw(ValueError(\"no\"))')",
            turn: |f, _| {
                let _ = black_box(f.call0().is_err());
                Ok(())
            },
        },
        Measure {
            name: "dict of 1,000 to a Go map",
            source: "{str(i): i for i in range(1000)}",
            turn: |d, _| d.extract::<HashMap<String, i64>>().map(|m| { black_box(m); }),
        },
        Measure {
            name: "list of 10^6 floats to a slice",
            source: "[float(i) for i in range(1000000)]",
            turn: |l, _| l.extract::<Vec<f64>>().map(|v| { black_box(v); }),
        },
    ]
}

fn attached(o: &Py<PyAny>, m: &Measure, turns: i64) -> PyResult<()> {
    for i in 0..turns {
        Python::attach(|py| (m.turn)(o.bind(py), 1000 + i))?;
    }
    Ok(())
}

fn held(o: &Py<PyAny>, m: &Measure, turns: i64) -> PyResult<()> {
    Python::attach(|py| {
        let o = o.bind(py);
        for i in 0..turns {
            (m.turn)(o, 1000 + i)?;
        }
        Ok(())
    })
}

type Loop = fn(&Py<PyAny>, &Measure, i64) -> PyResult<()>;

fn least(run: Loop, o: &Py<PyAny>, m: &Measure) -> PyResult<f64> {
    let mut turns = 1;
    loop {
        let start = Instant::now();
        run(o, m, turns)?;
        let took = start.elapsed();
        if took > CHUNK / 4 {
            turns = ((turns as f64 * CHUNK.as_secs_f64() / took.as_secs_f64()) as i64).max(1);
            break;
        }
        turns *= 4;
    }
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        run(o, m, turns)?;
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / turns as f64);
    }
    Ok(best)
}

fn main() -> PyResult<()> {
    // A program with one thread has cheaper locks in glibc, and the other side has several.
    std::thread::spawn(std::thread::park);
    for m in measures() {
        let o = Python::attach(|py| -> PyResult<Py<PyAny>> {
            let space = PyDict::new(py);
            space.set_item("source", m.source)?;
            Ok(py.eval(c_str!("eval(source)"), None, Some(&space))?.unbind())
        })?;
        println!("{}\t{:.1}\t{:.1}", m.name, least(attached, &o, &m)?, least(held, &o, &m)?);
    }
    Ok(())
}
