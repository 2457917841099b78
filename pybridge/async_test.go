package pybridge_test

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

func minute(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

func TestAsyncIter(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import asyncio
async def count(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i
async def fails():
    yield 1
    raise LookupError("no more")
async def nothing(values):
    for v in values: yield v
class Own:
    def __init__(self): self.n = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.n += 1
        if self.n > 2: raise StopAsyncIteration
        return asyncio.get_running_loop() is not None
class Bad:
    def __aiter__(self): raise ValueError("not now")
`)
	tests := map[string]struct {
		source string
		want   []string
		fails  string
	}{
		"a generator":         {"count(4)", []string{"0", "1", "2", "3"}, ""},
		"empty":               {"count(0)", nil, ""},
		"an iterator":         {"Own()", []string{"True", "True"}, ""},
		"items that are None": {"nothing([None, 1])", []string{"None", "1"}, ""},
		"fails":               {"fails()", []string{"1"}, "LookupError: no more"},
		"fails at once":       {"Bad()", nil, "ValueError: not now"},
		"no iterator":         {"[1]", nil, "TypeError: 'async for' requires an object with __aiter__ method, got list"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			var failed error
			for item, err := range eval(t, test.source).AsyncIter(minute(t)) {
				if failed = err; err == nil {
					got = append(got, item.String())
				}
			}
			assert.Equal(t, test.want, got)
			if test.fails == "" {
				require.NoError(t, failed)
			} else {
				require.EqualError(t, failed, test.fails)
			}
		})
	}
}

// TestAsyncIterIsLeft leaves generators: by a break after which they go on, and by the end of the context.
func TestAsyncIterIsLeft(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import asyncio, threading
waits, cleaned = threading.Event(), threading.Event()
async def forever():
    n = 0
    try:
        while True:
            if n == 3:
                waits.set()
                await asyncio.sleep(1000)
            yield n
            n += 1
    finally:
        cleaned.set()
`)
	forever := must(eval(t, "forever").Call())
	for item, err := range forever.AsyncIter(minute(t)) {
		require.NoError(t, err)
		assert.Equal(t, "0", item.String())
		break
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	go func() {
		_, err := eval(t, "waits.wait").Call(30)
		assert.NoError(t, err)
		cancel(why)
	}()
	var got []string
	var failed error
	for item, err := range forever.AsyncIter(ctx) {
		if failed = err; err == nil {
			got = append(got, item.String())
		}
	}
	require.ErrorIs(t, failed, why)
	assert.Equal(t, []string{"1", "2"}, got)
	assert.True(t, must(pybridge.CallAs[bool](eval(t, "cleaned.wait"), 30)), "the generator was cancelled where it waited")
	for _, err := range must(eval(t, "forever").Call()).AsyncIter(ctx) {
		require.ErrorIs(t, err, why, "it is over already")
	}

	execute(t, "cleaned.clear()")
	dropped := must(eval(t, "forever").Call())
	for range dropped.AsyncIter(minute(t)) {
		break
	}
	dropped.Close()
	assert.True(t, must(pybridge.CallAs[bool](eval(t, "cleaned.wait"), 30)), "the loop closes what nobody holds")
}

func TestAsyncWith(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import asyncio, contextlib
seen = []
class Manager:
    def __init__(self, takes=()): self.takes = takes
    async def __aenter__(self):
        self.task = asyncio.current_task()
        await asyncio.sleep(0)
        return 5
    async def __aexit__(self, kind, value, traceback):
        await asyncio.sleep(0)
        assert self.task is asyncio.current_task()
        seen.append(f"{kind.__name__}: {value}" if kind else None)
        return kind is not None and issubclass(kind, self.takes)
class Refuses:
    async def __aenter__(self): raise PermissionError("no entry")
    async def __aexit__(self, *_): pass
class Breaks(Manager):
    async def __aexit__(self, *_): raise OSError("it does not close")
class Half:
    async def __aenter__(self): pass
`)
	own := errors.New("own")
	tests := map[string]struct {
		manager string
		body    func(ctx context.Context, entered *pybridge.Object) error
		seen    string
		want    func(error) bool
	}{
		"good": {"Manager()", func(_ context.Context, entered *pybridge.Object) error {
			assert.Equal(t, "5", entered.String())
			return nil
		}, "[None]", func(err error) bool { return err == nil }},
		"a Go error":     {"Manager()", func(context.Context, *pybridge.Object) error { return own }, "['GoError: own']", func(err error) bool { return err == own }},
		"taken away":     {"Manager(LookupError)", func(context.Context, *pybridge.Object) error { return rt.Exec("{}[1]") }, "['KeyError: 1']", func(err error) bool { return err == nil }},
		"not taken away": {"Manager(OSError)", func(context.Context, *pybridge.Object) error { return rt.Exec("{}[1]") }, "['KeyError: 1']", func(err error) bool { return errors.Is(err, pybridge.KeyError) }},
		"an interrupt": {"Manager()", func(context.Context, *pybridge.Object) error { return rt.Exec("raise KeyboardInterrupt") }, "['CancelledError: ']", func(err error) bool {
			return errors.Is(err, pybridge.KeyboardInterrupt)
		}},
		"refused":    {"Refuses()", nil, "[]", func(err error) bool { return errors.Is(err, pybridge.OSError) }},
		"breaks":     {"Breaks()", func(context.Context, *pybridge.Object) error { return own }, "[]", func(err error) bool { return errors.Is(err, pybridge.OSError) && !errors.Is(err, own) }},
		"no method":  {"Half()", nil, "[]", func(err error) bool { return err != nil && !errors.Is(err, own) }},
		"no manager": {"5", nil, "[]", func(err error) bool { return err != nil }},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			execute(t, "seen.clear()")
			err := eval(t, test.manager).AsyncWith(minute(t), test.body)
			assert.True(t, test.want(err), "%v", err)
			assert.Equal(t, test.seen, eval(t, "seen").String())
		})
	}
	t.Run("a panic", func(t *testing.T) {
		execute(t, "seen.clear()")
		assert.PanicsWithValue(t, "mine", func() {
			_ = eval(t, "Manager(BaseException)").AsyncWith(minute(t), func(context.Context, *pybridge.Object) error { panic("mine") })
		})
		assert.Equal(t, "['GoPanic: mine']", eval(t, "seen").String())
	})
	assert.Equal(t, "2", must(must(eval(t, "asyncio.sleep").Call(0, 2)).Await(minute(t))).String(), "the loop is alive")
}

// TestAsyncWithEnds ends bodies from Python and from outside.
func TestAsyncWithEnds(t *testing.T) {
	if must(rt.Version()).Minor < 11 {
		t.Skip("asyncio.timeout is in Python from 3.11 on")
	}
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import asyncio, contextlib
left = []
@contextlib.asynccontextmanager
async def noted():
    try: yield
    finally:
        await asyncio.sleep(0)
        left.append("left")
`)
	err := must(eval(t, "asyncio.timeout").CallAwait(minute(t), 0.001)).AsyncWith(minute(t), func(ctx context.Context, _ *pybridge.Object) error {
		<-ctx.Done()
		return ctx.Err()
	})
	require.ErrorIs(t, err, pybridge.TimeoutError)
	require.ErrorIs(t, err, context.DeadlineExceeded, "which is the same in Go")

	ctx, cancel := context.WithCancel(t.Context())
	err = must(eval(t, "noted").Call()).AsyncWith(ctx, func(ctx context.Context, _ *pybridge.Object) error {
		cancel()
		_, err := must(eval(t, "asyncio.sleep").Call(1000)).Await(ctx)
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "['left']", eval(t, "left").String(), "what was entered is left in order")
	require.ErrorIs(t, must(eval(t, "noted").Call()).AsyncWith(ctx, nil), context.Canceled)
}

func TestCallAwait(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import asyncio
class Session:
    def __init__(self, name, *, size=1):
        self.loop, self.name, self.size = asyncio.get_running_loop(), name, size
    async def get(self, x): return [self.name, x, self.loop is asyncio.get_running_loop()]
    def plain(self, x): return x
`)
	_, err := eval(t, "Session").Call("s")
	require.ErrorContains(t, err, "no running event loop")
	session, err := eval(t, "Session").CallAwait(minute(t), "s", pybridge.Kw{"size": 2})
	require.NoError(t, err)
	assert.Equal(t, 2, must(pybridge.AttrAs[int](session, "size")))
	assert.Equal(t, "['s', 5, True]", must(session.MethodAwait(minute(t), "get", 5)).String())
	assert.Equal(t, "[1]", must(session.MethodAwait(minute(t), "plain", []any{1})).String())
	_, err = session.MethodAwait(minute(t), "get")
	require.ErrorIs(t, err, pybridge.TypeError)
	_, err = session.MethodAwait(minute(t), "absent")
	require.ErrorIs(t, err, pybridge.AttributeError)
}

// TestSequencesServeAsyncFor gives what Go produces to coroutines, while their loop goes on.
func TestSequencesServeAsyncFor(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import asyncio
async def collect(source, ticks=None):
    async def tick():
        while True:
            await asyncio.sleep(0)
            ticks is None or ticks()
    ticker = asyncio.ensure_future(tick())
    try:
        return [x async for x in source]
    finally:
        ticker.cancel()
async def patient(source, more):
    try:
        await asyncio.wait_for(source.__anext__(), 0.001)
    except asyncio.TimeoutError:
        more()
        return [x async for x in source]
`)
	collect := func(source any, more ...any) (*pybridge.Object, error) {
		return must(eval(t, "collect").Call(append([]any{source}, more...)...)).Await(minute(t))
	}
	t.Run("a sequence", func(t *testing.T) {
		assert.Equal(t, "[1, 2, 3]", must(collect(slices.Values([]int{1, 2, 3}))).String())
		assert.Equal(t, "[(0, 'a')]", must(collect(slices.All([]string{"a"}))).String())
	})
	t.Run("a channel", func(t *testing.T) {
		ch := make(chan int)
		var begin sync.Once
		got, err := collect(ch, func() { // the loop goes on, and it is what the channel waits for
			begin.Do(func() {
				go func() {
					for i := range 3 {
						ch <- i
					}
					close(ch)
				}()
			})
		})
		require.NoError(t, err)
		assert.Equal(t, "[0, 1, 2]", got.String())
	})
	t.Run("nothing is lost", func(t *testing.T) {
		ch := make(chan string)
		more := func() {
			go func() {
				ch <- "first"
				ch <- "second"
				close(ch)
			}()
		}
		got, err := must(eval(t, "patient").Call(ch, more)).Await(minute(t))
		require.NoError(t, err)
		assert.Equal(t, "['first', 'second']", got.String())
	})
	t.Run("a panic", func(t *testing.T) {
		assert.PanicsWithValue(t, "mine", func() {
			_, _ = collect(iter.Seq[int](func(yield func(int) bool) { yield(1); panic("mine") }))
		})
	})
	t.Run("no counterpart", func(t *testing.T) {
		ch := make(chan any, 1)
		ch <- make(chan<- int)
		_, err := collect(ch)
		require.ErrorContains(t, err, "has no counterpart in Python")
	})
}

// TestChannelsThatPythonLeaves drops an iterator for which a goroutine waits.
func TestChannelsThatPythonLeaves(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import asyncio
async def impatient(source):
    try:
        await asyncio.wait_for(source.__anext__(), 0.001)
    except asyncio.TimeoutError:
        return "left"
`)
	ch := make(chan int)
	got, err := must(eval(t, "impatient").Call(ch)).Await(minute(t))
	require.NoError(t, err)
	assert.Equal(t, "left", got.String())
	stacks := make([]byte, 1<<20)
	require.Eventually(t, func() bool {
		execute(t, "import gc\ngc.collect()") // without the GIL what other threads let go of waits for it
		return !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "(*channel).next")
	}, 30*time.Second, 10*time.Millisecond)
}
