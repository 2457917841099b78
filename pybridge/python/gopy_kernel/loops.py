"""An asyncio loop for those who await something from Go. It is started by the first of them, on a thread
of its own, and runs until the process ends."""

import asyncio
import atexit
import inspect
import threading
from concurrent.futures import Future

lock = threading.Lock()
loop = None
thread = None


def running():
    global loop, thread
    with lock:
        if loop is None:
            loop = asyncio.new_event_loop()
            thread = threading.Thread(target=run, name="asyncio loop of Go", daemon=True)
            thread.start()
            atexit.register(stop)
    return loop


def run():
    asyncio.set_event_loop(loop)
    loop.run_forever()


def stop():
    """Cancels what still runs, so that it can clean up, but does not wait for long."""

    async def cancel():
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=1)

    try:
        asyncio.run_coroutine_threadsafe(cancel(), loop).result(2)
    except Exception:  # there is nobody left to tell
        pass
    loop.call_soon_threadsafe(loop.stop)


def start(function, done, *args):
    """Runs a coroutine. done() is called when there is a result, which the future that is returned then has."""
    if thread is not None and threading.get_ident() == thread.ident:
        raise RuntimeError("this is the thread of the loop, which cannot wait for itself")
    future = asyncio.run_coroutine_threadsafe(function(*args), running())
    future.add_done_callback(lambda future: done())
    return future


def submit(done, awaitable):
    return start(result_of, done, awaitable)


async def result_of(awaitable):
    return await awaitable


def call(done, function, /, *args, **keywords):
    return start(result_of_call, done, function, args, keywords)


async def result_of_call(function, args, keywords):
    result = function(*args, **keywords)
    return await result if inspect.isawaitable(result) else result


def iterate(done, iterable):
    return start(iterator_of, done, iterable)


async def iterator_of(iterable):
    cls = type(iterable)
    if not hasattr(cls, "__aiter__"):
        raise TypeError(f"'async for' requires an object with __aiter__ method, got {cls.__name__}")
    return cls.__aiter__(iterable)


def following(done, iterator):
    return start(next_of, done, iterator)


async def next_of(iterator):
    """A tuple of the next item, or None at the end. A generator has to be asked on the loop, so that this knows of it."""
    try:
        return (await type(iterator).__anext__(iterator),)
    except StopAsyncIteration:
        return None


def enter(done, manager, entered, begin):
    """begin is called, too, if the end comes before the manager was entered."""
    future = start(within, done, manager, entered)
    future.add_done_callback(lambda future: begin())
    return future


async def within(manager, entered):
    """An async with statement whose body is in Go. entered is called with the value and with a function that ends the
    body, if need be with an exception. Whether that is over, by what the manager did with it, is the result."""
    left, own = Future(), None
    left.set_running_or_notify_cancel()  # which nobody can cancel from here on

    def leave(exception):
        if isinstance(exception, (KeyboardInterrupt, SystemExit)):  # they would end the loop
            exception = asyncio.CancelledError()
        left.set_result(exception)

    try:
        async with manager as value:
            entered(value, leave)
            try:
                exception = await asyncio.wrap_future(left)
                if exception is not None:
                    raise exception
            except BaseException as e:
                own = e
                raise
    except BaseException as e:
        if e is own and left.done():
            return False
        raise
    return True
