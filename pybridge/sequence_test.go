package pybridge_test

import (
	"errors"
	"iter"
	"maps"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSequencesAreIterators(t *testing.T) {
	list := eval(t, "list")
	ch := make(chan string, 3)
	ch <- "a"
	ch <- "b"
	close(ch)
	for _, test := range []struct {
		name string
		in   any
		want string
	}{
		{"values", slices.Values([]int{1, 2, 3}), "[1, 2, 3]"},
		{"pairs", maps.All(map[string]int{"a": 1}), "[('a', 1)]"},
		{"nothing", slices.Values([]int{}), "[]"},
		{"channel", ch, "['a', 'b']"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o, err := list.Call(test.in)
			require.NoError(t, err)
			assert.Equal(t, test.want, o.String())
		})
	}
}

func TestSequencesMayCallPython(t *testing.T) {
	square := eval(t, "lambda n: n * n")
	seq := iter.Seq[*pybridge.Object](func(yield func(*pybridge.Object) bool) {
		for i := range 3 {
			if o, err := square.Call(i); err != nil || !yield(o) {
				return
			}
		}
	})
	sum, err := pybridge.CallAs[int](eval(t, "sum"), seq)
	require.NoError(t, err)
	assert.Equal(t, 5, sum)
}

func TestSequencesThatPythonLeavesEnd(t *testing.T) {
	ended := make(chan struct{})
	forever := iter.Seq[int](func(yield func(int) bool) {
		defer close(ended)
		for i := 0; yield(i); i++ {
		}
	})
	first, err := pybridge.CallAs[int](eval(t, "lambda s: next(s) + next(s)"), forever)
	require.NoError(t, err)
	assert.Equal(t, 1, first)
	select {
	case <-ended:
	case <-time.After(10 * time.Second):
		t.Fatal("it still runs")
	}
}

func TestSequencesThatPanic(t *testing.T) {
	broken := iter.Seq[int](func(yield func(int) bool) {
		yield(1)
		panic("in the sequence")
	})
	assert.PanicsWithValue(t, "in the sequence", func() { _, _ = eval(t, "list").Call(broken) })
}

func TestSequencesThatNobodyStartsLeaveNothing(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 100 {
		_, err := eval(t, "len").Call([]any{slices.Values([]int{1})})
		require.NoError(t, err)
	}
	assert.LessOrEqual(t, runtime.NumGoroutine(), before+10)
}

func TestWith(t *testing.T) {
	execute(t, `
class Manager:
    def __init__(self, takes=()): self.takes, self.log = takes, []
    def __enter__(self): self.log.append('enter'); return 'entered'
    def __exit__(self, kind, value, tb):
        self.log.append(f'exit {kind and kind.__name__} {value}')
        return kind is not None and issubclass(kind, self.takes)
`)
	lost := errors.New("lost")
	for _, test := range []struct {
		name, source string
		body         func(*pybridge.Object) error
		want         error
		log          string
	}{
		{"fine", "Manager()", func(o *pybridge.Object) error { assert.Equal(t, "entered", o.String()); return nil }, nil, "['enter', 'exit None None']"},
		{"Go error", "Manager()", func(*pybridge.Object) error { return lost }, lost, "['enter', 'exit GoError lost']"},
		{"taken", "Manager(Exception)", func(*pybridge.Object) error { return lost }, nil, "['enter', 'exit GoError lost']"},
		{"exception", "Manager()", func(*pybridge.Object) error { return rt.Exec("1 / 0") }, &pybridge.Error{Type: "ZeroDivisionError"},
			"['enter', 'exit ZeroDivisionError division by zero']"},
		{"exception taken", "Manager(ArithmeticError)", func(*pybridge.Object) error { return rt.Exec("1 / 0") }, nil,
			"['enter', 'exit ZeroDivisionError division by zero']"},
	} {
		t.Run(test.name, func(t *testing.T) {
			manager := eval(t, test.source)
			assert.ErrorIs(t, manager.With(test.body), test.want)
			log, err := manager.Attr("log")
			require.NoError(t, err)
			assert.Equal(t, test.log, log.String())
		})
	}
	manager := eval(t, "Manager()")
	assert.PanicsWithValue(t, "oops", func() { _ = manager.With(func(*pybridge.Object) error { panic("oops") }) })
	log, err := manager.Attr("log")
	require.NoError(t, err)
	assert.Equal(t, "['enter', 'exit GoPanic oops']", log.String())
	manager = eval(t, "Manager(BaseException)")
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = manager.With(func(*pybridge.Object) error { pybridge.Goexit(); return nil })
		t.Error("the goroutine goes on")
	}()
	<-ended
	log, err = manager.Attr("log")
	require.NoError(t, err)
	assert.Equal(t, "['enter', 'exit GoExit the goroutine is ending']", log.String())
	assert.ErrorIs(t, eval(t, "5").With(nil), &pybridge.Error{Type: "AttributeError"})
}
