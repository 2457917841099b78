"""Start and end of the interpreter."""

import sys
import threading  # here, on the main thread: up to 3.12 it takes the thread that imports it for that


def connect(show, clear, ask, write_stdout, write_stderr, tell, request):
    """Called once, with what Go offers; None stands for what it does not."""
    import builtins

    from gopy_kernel import output, streams

    output.show, output.clear = show, clear
    output.tell, output.request = tell, request
    builtins.display = output.display
    streams.connect_output(write_stdout, write_stderr)
    if ask is not None:
        streams.connect_input(ask)
    from gopy_kernel import hooks  # last: what is imported already is changed at once, for what is connected now

    hooks.install()
    if sys.flags.dev_mode:  # PYTHONDEVMODE enables it, and hooks.faulthandler says why it must not be
        import faulthandler

        faulthandler.disable()
    if sys.path[:1] != [""]:
        sys.path.insert(0, "")  # the working folder, as in an interactive Python


def leave(timeout):
    """What Python does at its end, short of taking itself apart."""
    import time

    end = time.monotonic() + timeout
    for callback in reversed(getattr(threading, "_threading_atexits", ())):
        callback()
    for thread in threading.enumerate():
        if not thread.daemon and thread not in (threading.current_thread(), threading.main_thread()):
            thread.join(max(0, end - time.monotonic()))
    import atexit

    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
