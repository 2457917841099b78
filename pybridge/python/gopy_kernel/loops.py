"""An asyncio loop for those who await something from Go. It is started by the first of them, on a thread
of its own, and runs until the process ends."""

import asyncio
import atexit
import threading

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


async def result_of(awaitable):
    return await awaitable


def submit(awaitable, done):
    """Starts to wait for something. done() is called when there is a result, which the future that is
    returned then has."""
    if thread is not None and threading.get_ident() == thread.ident:
        raise RuntimeError("this is the thread of the loop, which cannot wait for itself")
    future = asyncio.run_coroutine_threadsafe(result_of(awaitable), running())
    future.add_done_callback(lambda future: done())
    return future
