"""An asyncio loop for those who await something from Go. It is started by the first of them, on a thread
of its own, and runs until the process ends."""

import asyncio
import atexit
import inspect
import threading
from concurrent.futures import Future

import _gopy_kernel

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
    _gopy_kernel.print_for(0)  # what is done here is not for the one that came first
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


class Task:
    """A coroutine that runs on the loop for a goroutine. It is made before it begins: an interrupt may come at any
    instruction of begin, and who has the task can cancel it then. done() is called when there is a result."""

    def __init__(self, function, done, *args):
        self.coroutine, self.done = function(*args), done
        self.task, self.cancelled = None, False

    def begin(self):
        if thread is not None and threading.get_ident() == thread.ident:
            self.coroutine.close()
            raise RuntimeError("this is the thread of the loop, which cannot wait for itself")
        running().call_soon_threadsafe(self.start)

    def start(self):
        self.task = loop.create_task(self.coroutine)
        self.task.add_done_callback(self.end)
        if self.cancelled:
            self.task.cancel()

    def end(self, task):
        if not task.cancelled():
            task.exception()  # asyncio complains of those that nobody has asked for
        self.done()

    def cancel(self):
        self.cancelled = True
        if loop is not None:
            loop.call_soon_threadsafe(lambda: self.task and self.task.cancel())

    def result(self):
        return self.task.result()


def submit(done, awaitable):
    return Task(result_of, done, awaitable)


async def result_of(awaitable):
    return await awaitable


def call(done, function, /, *args, **keywords):
    return Task(result_of_call, done, function, args, keywords)


async def result_of_call(function, args, keywords):
    result = function(*args, **keywords)
    return await result if inspect.isawaitable(result) else result


def iterate(done, iterable):
    return Task(iterator_of, done, iterable)


async def iterator_of(iterable):
    cls = type(iterable)
    if not hasattr(cls, "__aiter__"):
        raise TypeError(f"'async for' requires an object with __aiter__ method, got {cls.__name__}")
    return cls.__aiter__(iterable)


def following(done, iterator):
    return Task(next_of, done, iterator)


async def next_of(iterator):
    """A tuple of the next item, or None at the end. A generator has to be asked on the loop, so that this knows of it."""
    try:
        return (await type(iterator).__anext__(iterator),)
    except StopAsyncIteration:
        return None


def enter(done, manager, entered, begin):
    """begin is called, too, if the end comes before the manager was entered."""

    def ended():
        done()
        begin()

    return Task(within, ended, manager, entered)


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
