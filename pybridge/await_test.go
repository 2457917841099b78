package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAwait(t *testing.T) {
	execute(t, `
import asyncio
async def double(n):
    await asyncio.sleep(0.001)
    return 2 * n
async def fail(): raise LookupError("nothing")
async def call(f, *args): return f(*args)
class Awaitable:
    def __await__(self): return double(4).__await__()
`)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	await := func(source string, args ...any) (*pybridge.Object, error) {
		return must(eval(t, source).Call(args...)).Await(ctx)
	}
	result, err := await("double", 21)
	require.NoError(t, err)
	assert.Equal(t, 42, must(pybridge.As[int](result)))
	result, err = await("Awaitable")
	require.NoError(t, err)
	assert.Equal(t, 8, must(pybridge.As[int](result)))
	_, err = await("fail")
	assert.EqualError(t, err, "LookupError: nothing")
	var e *pybridge.Error
	require.ErrorAs(t, err, &e)
	assert.Contains(t, e.Traceback(), "in fail")
	_, err = await("lambda: 5")
	assert.ErrorIs(t, err, &pybridge.Error{Type: "TypeError"})

	stop := errors.New("stop")
	_, err = await("call", func() error { return stop })
	assert.ErrorIs(t, err, stop, "a Go error comes through the loop")
	_, err = await("call", func() error {
		_, err := must(eval(t, "double").Call(1)).Await(ctx)
		return err
	})
	assert.ErrorContains(t, err, "cannot wait for itself")
}

func TestManyAwaitAtOnce(t *testing.T) {
	execute(t, `
import asyncio
waiting = 0
everybody = None
async def meet(n, i):
    global waiting, everybody
    if everybody is None: everybody = asyncio.Event()
    waiting += 1
    if waiting == n: everybody.set()
    await everybody.wait()
    return i
`)
	meet := eval(t, "meet")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	const n = 200
	inParallel(t, n, func(i int) error {
		coroutine, err := meet.Call(n, i)
		if err != nil {
			return err
		}
		result, err := coroutine.Await(ctx)
		if err != nil {
			return err
		}
		if got, err := pybridge.As[int](result); got != i || err != nil {
			return errors.Join(err, fmt.Errorf("got %d, not %d", got, i))
		}
		return nil
	})
}

func TestAwaitIsCancelled(t *testing.T) {
	execute(t, `
import asyncio, threading
begun, cancelled = threading.Event(), threading.Event()
async def forever():
    begun.set()
    try:
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        cancelled.set()
        raise
`)
	ctx, cancel := context.WithCancelCause(t.Context())
	why := errors.New("enough")
	go func() {
		_, err := eval(t, "begun.wait").Call(30)
		assert.NoError(t, err)
		cancel(why)
	}()
	_, err := must(eval(t, "forever").Call()).Await(ctx)
	assert.ErrorIs(t, err, why)
	assert.True(t, must(pybridge.CallAs[bool](eval(t, "cancelled.wait"), 30)))
	_, err = must(eval(t, "forever").Call()).Await(ctx)
	assert.ErrorIs(t, err, why, "it is over already")
}

func TestAwaitedTasksEndWithTheProcess(t *testing.T) {
	out, errs, code := scenario(t, "await")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"started", "cleaned up"}, lines(out))
	assert.Empty(t, errs)
}

func awaitScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	err = r.Exec(`
import asyncio
async def background():
    try:
        await asyncio.sleep(1000)
    finally:
        print("cleaned up")
async def start():
    asyncio.get_running_loop().kept = asyncio.ensure_future(background())
    await asyncio.sleep(0)
    print("started")
`)
	if err != nil {
		return err
	}
	f, err := r.Get("start")
	if err != nil {
		return err
	}
	coroutine, err := f.Call()
	if err != nil {
		return err
	}
	if _, err := coroutine.Await(context.Background()); err != nil {
		return err
	}
	return r.Close()
}
