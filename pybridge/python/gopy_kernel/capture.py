"""Takes what Python code prints instead of showing it."""

import sys
import threading
from _thread import get_ident

active = {}  # captures by the thread that began them, the innermost last
originals = {}  # what streams write with, while there is a capture
lock = threading.Lock()


class Capture:
    """What was printed by the thread that began it and by threads that were started from there."""

    def __init__(self, passes=False):
        self.passes = passes  # on to the file descriptors, which lead elsewhere while it is active
        self.texts = {}
        self.thread = get_ident()
        self.ended = False


def pass_on():
    return begin(passes=True)


def flush():
    for stream in {sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__} - {None}:
        try:
            stream.flush()
        except Exception:  # a stream of somebody else, or one that is closed
            pass


def begin(passes=False):
    capture = Capture(passes)
    with lock:
        active.setdefault(capture.thread, []).append(capture)
        if not originals:
            route(sys.__stdout__)
            route(sys.__stderr__)
    return capture


def end(capture):
    """The texts of standard output and standard error."""
    with lock:
        capture.ended = True
        mine = active[capture.thread]
        mine.remove(capture)
        if not mine:
            del active[capture.thread]
        if not active:
            for stream, write in originals.items():
                stream.write = write
            originals.clear()
    return tuple("".join(capture.texts.get(stream, ())) for stream in (sys.__stdout__, sys.__stderr__))


def route(stream):
    original = originals[stream] = stream.write

    def write(text):
        capture = current()
        if capture is None or capture.passes:
            return original(text)
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        capture.texts.setdefault(stream, []).append(text)
        return len(text)

    stream.write = write


def current():
    mine = active.get(get_ident())
    if mine:
        return mine[-1]
    inherited = getattr(threading._active.get(get_ident()), "_gopy_capture", None)
    return None if inherited is None or inherited.ended else inherited


def start(self):
    self._gopy_capture = current()
    original_start(self)


original_start = threading.Thread.start
start.__doc__ = original_start.__doc__
threading.Thread.start = start
