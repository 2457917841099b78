package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// What the operations of TestRandomOperations work with. A Token knows whether it has been dropped, and
// count() how many there are.
const workshop = `
import asyncio, gc, sys, threading, types
def make_workshop():
    alive = set()
    class Token:
        def __init__(self, *refs):
            self.alive, self.refs = True, list(refs)
            alive.add(id(self))
        def __del__(self):
            self.alive = False
            alive.discard(id(self))
        def check(self):
            if not all(o.alive for o in [self, *self.refs] if isinstance(o, Token)):
                raise AssertionError("a token was dropped")
            return True
    class Manager(Token):
        def __enter__(self): return self
        def __exit__(self, *error): self.check(); self.refs.append(error[1])
    class Failure(Exception, Token):
        def __init__(self, *refs): Exception.__init__(self, "failure"); Token.__init__(self, *refs)
    def generate(*refs):
        token = Token(*refs)
        while token.check(): yield Token(token)
    def ring(*refs):
        token = Token(*refs)
        token.refs.append(token)
        return token
    def fail(*refs):
        local = Token(*refs)
        try: raise Failure(local)
        except Failure as e: raise Failure() from e
    def caught(f, *args):
        try: return f(*args)
        except Exception as e: return Token(e.with_traceback(None))  # the frames have f, which may have e
    def derived(base, token):
        return type("Derived", (base,), {"token": token, "get": lambda self: (super(type(self), self).get(), token)[0]})
    def in_thread(f, *args):
        out = []
        thread = threading.Thread(target=lambda: out.append(caught(f, *args)))
        thread.start()
        thread.join()
        return out[0]
    async def later(*refs):
        token = Token(*refs)
        await asyncio.sleep(0)
        return token
    def cut(*tokens):
        for token in tokens:
            if isinstance(token, Token) and token.check(): token.refs.clear()
    def count():
        gc.collect()
        return len(alive)
    return types.SimpleNamespace(**locals())
`

// A juggler does things at random with what it has in its hands.
type juggler struct {
	random *rand.Rand
	py     *pybridge.Object
	hands  [8]*pybridge.Object
	errs   [4]error
}

func (j *juggler) any() *pybridge.Object { return j.hands[j.random.IntN(len(j.hands))] }

// take puts an object into one hand, and closes or forgets what was there.
func (j *juggler) take(o *pybridge.Object, err error) error {
	if err != nil {
		return err
	}
	hand := &j.hands[j.random.IntN(len(j.hands))]
	if *hand != nil && j.random.IntN(2) == 0 {
		(*hand).Close()
	}
	*hand = o
	return nil
}

func (j *juggler) make(what string, args ...any) (*pybridge.Object, error) {
	return j.py.Method(what, append(args, j.any(), j.any())...)
}

// fails keeps the error that an operation is to end with.
func (j *juggler) fails(o *pybridge.Object, err error) error {
	if err == nil {
		return fmt.Errorf("%v instead of an error", o)
	}
	j.errs[j.random.IntN(len(j.errs))] = err
	return nil
}

// callback returns a Go function. It must not hold the juggler: a ring that goes through Go and Python stays.
func (j *juggler) callback() any {
	held, py := j.any(), j.py
	switch j.random.IntN(6) {
	case 0:
		return func(args ...*pybridge.Object) *pybridge.Object { return held }
	case 1:
		return func(args ...any) (*pybridge.Object, error) { return py.Method("Token", args...) }
	case 2:
		return func(args ...*pybridge.Object) (any, error) {
			o, err := py.Method("Token", args[0])
			return []any{o, held}, err
		}
	case 3:
		err := j.errs[j.random.IntN(len(j.errs))]
		return func(args ...*pybridge.Object) (*pybridge.Object, error) { return held, err }
	case 4:
		return pybridge.Short(func(args ...*pybridge.Object) *pybridge.Object { return args[0] })
	}
	return func(args ...any) error { _, err := py.Method("fail", held); return err }
}

// class makes one in Go, perhaps with another derived from it in Python, and an object of it.
func (j *juggler) class() (*pybridge.Object, error) {
	held, py := j.any(), j.py
	class, err := rt.NewClass(pybridge.ClassConfig{
		Name:  "Juggled",
		Bases: []*pybridge.Object{must(j.py.Attr("Token"))},
		Methods: map[string]any{
			"get": func(self *pybridge.Object) (*pybridge.Object, error) { return py.Method("Token", self, held) },
		},
		Properties: map[string]pybridge.Property{
			"first": {Get: func(self *pybridge.Object) (*pybridge.Object, error) {
				return self.Chain().Attr("refs").Index(0).Object()
			}},
		},
		Attrs: map[string]any{"held": held},
	})
	if err == nil && j.random.IntN(2) == 0 {
		class, err = j.py.Method("derived", class, held)
	}
	if err != nil {
		return nil, err
	}
	o, err := class.Call(held)
	if err != nil {
		return nil, err
	}
	if _, err := o.Attr("first"); err != nil {
		return nil, err
	}
	return o.Method("get")
}

func (j *juggler) with() error {
	manager, err := j.make("Manager")
	if err != nil {
		return err
	}
	over := make(chan error)
	go func() {
		defer close(over)
		end := j.random.IntN(3)
		err := manager.With(func(entered *pybridge.Object) error {
			switch end {
			case 0:
				pybridge.Goexit()
			case 1:
				_, err := entered.Method("check", 1, 2)
				return err
			}
			return nil
		})
		if (err != nil) != (end == 1) {
			over <- fmt.Errorf("With ended with %w", err)
		}
	}()
	if err := <-over; err != nil {
		return err
	}
	return j.take(manager, nil)
}

func (j *juggler) look() error {
	err := j.errs[j.random.IntN(len(j.errs))]
	var e *pybridge.Error
	if !errors.As(err, &e) {
		return nil
	}
	_, _, _ = e.Traceback(), e.Frames(), errors.Unwrap(e)
	return j.take(j.py.Method("Token", e))
}

func (j *juggler) memory() error {
	lent, err := pybridge.OpenView[byte](must(rt.Eval("bytearray(600)")))
	if err != nil {
		return err
	}
	numbers := make([]float64, 100)
	array, err := rt.Of(numbers)
	if err != nil {
		return err
	}
	for i := range lent.Len() {
		lent.Set(255, i)
	}
	if j.random.IntN(2) == 0 {
		lent.Close()
	}
	return j.take(j.py.Method("Token", array))
}

func (j *juggler) step() error {
	switch j.random.IntN(17) {
	case 0:
		return j.take(j.make("Token"))
	case 1:
		return j.take(j.make("ring"))
	case 2:
		generator, err := j.make("generate")
		if err != nil {
			return err
		}
		for range j.random.IntN(3) {
			if err := j.take(generator.Method("__next__")); err != nil {
				return err
			}
		}
		return j.take(j.py.Method("Token", generator))
	case 3:
		return j.fails(j.make("fail"))
	case 4, 5, 6:
		return j.take(j.make("caught", j.callback()))
	case 7:
		return j.take(j.make("in_thread", j.callback()))
	case 8:
		return j.take(j.class())
	case 9:
		return j.with()
	case 10:
		return j.look()
	case 11:
		return j.memory()
	case 12:
		items := iter.Seq[*pybridge.Object](func(yield func(*pybridge.Object) bool) {
			for o, err := range must(j.make("generate")).Iter() {
				if err != nil || !yield(o) {
					return
				}
			}
		})
		return j.take(rt.Eval("[o for _, o in zip(range(3), items)]", pybridge.Kw{"items": items}))
	case 13:
		return j.take(must(j.make("later")).Await(context.Background()))
	case 14:
		_, err := j.py.Method("count")
		return err
	case 15:
		_, err := j.make("cut")
		return err
	}
	runtime.GC()
	return nil
}

// Whatever several goroutines do with Python, nothing is dropped while somebody has it, and nothing stays.
func TestRandomOperations(t *testing.T) {
	execute(t, workshop)
	seeds := []uint64{1, 2, 3, uint64(time.Now().UnixNano())}
	steps := 30
	if testing.Short() {
		seeds, steps = seeds[3:], 12
	}
	classesStay := as[bool](t, "not getattr(sys, '_is_gil_enabled', lambda: True)() and sys.version_info < (3, 14)")
	for _, seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			py := eval(t, "make_workshop()")
			held := rt.Held()
			underPressure(t, func() {
				inParallel(t, 4, func(i int) error {
					j := juggler{random: rand.New(rand.NewPCG(seed, uint64(i))), py: py}
					for n := range steps {
						if err := j.step(); err != nil {
							return fmt.Errorf("step %d: %w", n, err)
						}
					}
					return nil
				})
			})
			if classesStay {
				return // and what they refer to, once a second thread runs: 3.13 without the GIL makes them immortal
			}
			var left, leftHeld int
			for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
				collect()
				left, leftHeld = must(pybridge.MethodAs[int](py, "count")), rt.Held()-held
				if left == 0 && leftHeld <= 0 {
					return
				}
			}
			t.Fatalf("%d tokens and %d values of Go are left", left, leftHeld)
		})
	}
}
