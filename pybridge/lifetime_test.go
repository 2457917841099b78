package pybridge_test

import (
	"errors"
	"iter"
	"runtime"
	"sync"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/require"
)

// underPressure runs f while Go's collector runs all the time, and while threads of Python make everyone
// wait for the GIL: what is garbage too early then is dropped in between.
func underPressure(t *testing.T, f func()) {
	t.Helper()
	execute(t, `
import sys, threading
interval = sys.getswitchinterval()
sys.setswitchinterval(0.02)
spinning = True
def spin():
    while spinning: pass
spinners = [threading.Thread(target=spin) for _ in range(2)]
for s in spinners: s.start()
`)
	defer execute(t, "spinning = False\nfor s in spinners: s.join()\nsys.setswitchinterval(interval)")
	stop := make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				runtime.GC()
				runtime.Gosched()
			}
		}
	})
	defer wait.Wait()
	defer close(stop)
	f()
}

// standIn is a Go value that a fresh object stands for.
type standIn struct{ make *pybridge.Object }

func (s standIn) PyObject() *pybridge.Object { return must(s.make.Call()) }

// An object that only Go has, and that nobody uses any more once it is on its way to Python, arrives alive.
func TestObjectsLiveUntilPythonHasThem(t *testing.T) {
	execute(t, `
class Fresh:
    def __init__(self): self.alive = True
    def __del__(self): self.alive = False
class FreshError(Exception):
    def __init__(self): self.alive = True
    def __del__(self): self.alive = False
def fail(): raise FreshError
def returned(f): return all(f().alive for _ in range(20))
def listed(f): return all(o.alive for _ in range(20) for o in f())
def iterated(items): return all(o.alive for o in items)
def passed(o): return o.alive
def raised(f):
    for _ in range(20):
        try: f()
        except FreshError as e:
            if not e.alive: return False
    return True
`)
	fresh, fail := eval(t, "Fresh"), eval(t, "fail")
	make := func() (*pybridge.Object, error) { return fresh.Call() }
	class, err := rt.NewClass(pybridge.ClassConfig{Name: "Maker", Methods: map[string]any{
		"__call__": func(*pybridge.Object) (*pybridge.Object, error) { return fresh.Call() },
	}})
	require.NoError(t, err)
	rules := new(pybridge.Converters)
	type converted struct{}
	pybridge.ToPython(rules, func(converted) (any, error) { return fresh.Call() })
	for _, test := range []struct {
		name, function string
		arg            any
	}{
		{"returned", "returned", make},
		{"returned by short functions", "returned", pybridge.Short(make)},
		{"returned by methods", "returned", must(class.Call())},
		{"returned in lists", "listed", func() []any { return []any{must(make()), pybridge.Tuple{must(make())}[0]} }},
		{"returned in tuples", "listed", func() (a, b *pybridge.Object) { return must(make()), must(make()) }},
		{"iterated", "iterated", iter.Seq[*pybridge.Object](func(yield func(*pybridge.Object) bool) {
			for range 3 {
				if !yield(must(make())) {
					return
				}
			}
		})},
		{"raised", "raised", func() error { _, err := fail.Call(); return err }},
		{"standing in", "passed", standIn{fresh}},
		{"standing in in lists", "iterated", []standIn{{fresh}, {fresh}}},
		{"chains", "passed", fresh.Chain().Call()},
		{"converted", "passed", converted{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			function := eval(t, test.function).Using(rules)
			underPressure(t, func() {
				inParallel(t, 8, func(int) error { return alive(function, test.arg) })
			})
		})
	}
}

func alive(function *pybridge.Object, arg any) error {
	times := 5
	if testing.Short() {
		times = 1
	}
	for range times {
		alive, err := pybridge.CallAs[bool](function, arg)
		if err == nil && !alive {
			err = errors.New("it was dropped on the way")
		}
		if err != nil {
			return err
		}
	}
	return nil
}
