"""Exceptions that carry a Go value, and the text of exceptions."""

import builtins
import importlib
import sys


class Carrier(BaseException):
    """An exception that holds a Go value; _ref is what keeps it alive."""

    def __init__(self, ref, message, go_type):
        try:
            super().__init__(message)
        except TypeError:  # a class that wants to know more
            BaseException.__init__(self, message)
        self.go_type = go_type
        self._ref = ref

    def __reduce__(self):
        raise TypeError(f"a {type(self).__name__} holds a value of this process and cannot be pickled")


class GoError(Carrier, Exception):
    """A Go function returned an error. Where Python returns to Go it is that error again."""


like = {}  # classes by the name of the class that each is like


def go_error_like(ref, message, go_type, name, errno):
    """A GoError that is also of the class that says the same in Python."""
    cls = like.get(name)
    if cls is None:
        module, _, last = name.rpartition(".")
        base = class_named(module, last)
        bases = (GoError, base) if issubclass(base, Exception) else (Carrier, base)
        cls = like[name] = type("Go" + last, bases, {"__module__": __name__})
    error = cls(ref, message, go_type)
    if errno:
        error.errno = errno
    return error


def class_named(module, name):
    """A class of exceptions; Exception if there is none of that name."""
    try:
        found = getattr(importlib.import_module(module or "builtins"), name)
    except (ImportError, AttributeError):
        found = getattr(sys.modules["__main__"], name, None)
    return found if isinstance(found, type) and issubclass(found, BaseException) else Exception


class GoPanic(Carrier):
    """A Go function panicked. Where Python returns to Go the same panic goes on.

    Not an Exception, so that `except Exception` does not swallow a bug of the program. go_stack is the
    stack of the panic.
    """

    def __init__(self, ref, message, go_type, go_stack):
        super().__init__(ref, message, go_type)
        self.go_stack = go_stack


class GoExit(Carrier):
    """A Go function ends its goroutine, as the outermost call of Python does when this comes out of it.

    A thread of Python ends without a word.
    """


def own_frame(tb):
    return tb.tb_frame.f_code.co_filename.startswith("<gopy_kernel>/")


def outer_frame(exception):
    """The first frame that is not the bridge's."""
    tb = exception.__traceback__
    while tb is not None and own_frame(tb):
        tb = tb.tb_next
    return tb


def format_exception(exception):
    import traceback

    elsewhere = getattr(exception, "_remote_traceback", None)
    if elsewhere is not None:
        return elsewhere  # of another process
    return "".join(traceback.format_exception(type(exception), exception, outer_frame(exception)))


def frames(exception):
    import traceback

    names = ("filename", "lineno", "name", "line")
    found = traceback.extract_tb(outer_frame(exception))
    return [{name: getattr(frame, name) for name in names} for frame in found]


def links(exception):
    """The exceptions that one was raised from and in, None for what it was not, and those of a group."""
    hidden = exception.__suppress_context__ or exception.__cause__ is not None
    together = getattr(exception, "exceptions", ()) if is_group(exception) else ()
    return [exception.__cause__, None if hidden else exception.__context__, *together]


def is_group(exception):
    group = getattr(builtins, "BaseExceptionGroup", None)  # from 3.11 on
    return group is not None and isinstance(exception, group)


def derives(exception, name):
    """Whether an exception is of the class of that name, as Go writes names, or derived from it."""
    for cls in type(exception).__mro__:
        full = cls.__qualname__
        if cls.__module__ not in ("builtins", "__main__"):
            full = f"{cls.__module__}.{full}"
        if full == name:
            return True
    module, _, last = name.rpartition(".")  # where users find a class is not always where it was made
    cls = getattr(sys.modules.get(module), last, None)
    return isinstance(cls, type) and isinstance(exception, cls)


def leave_with(manager, exception):
    """The end of a with statement whose body failed."""
    return bool(type(manager).__exit__(manager, type(exception), exception, exception.__traceback__))
