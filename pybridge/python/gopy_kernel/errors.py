"""Exceptions that carry a Go value, and the text of exceptions."""


class Carrier(BaseException):
    """An exception that holds a Go value; _ref is what keeps it alive."""

    def __init__(self, message, go_type, ref):
        super().__init__(message)
        self.go_type = go_type
        self._ref = ref


class GoError(Carrier, Exception):
    """A Go function returned an error. Where Python returns to Go it is that error again."""


class GoPanic(Carrier):
    """A Go function panicked. Where Python returns to Go the same panic goes on.

    Not an Exception, so that `except Exception` does not swallow a bug of the program.
    """


class GoExit(Carrier):
    """A Go function ends its goroutine, as the outermost call of Python does when this comes out of it.

    A thread of Python ends without a word.
    """


def own_frame(tb):
    return tb.tb_frame.f_code.co_filename.startswith("<gopy_kernel>/")


def format_exception(exception):
    import traceback

    tb = exception.__traceback__
    while tb is not None and own_frame(tb):
        tb = tb.tb_next
    return "".join(traceback.format_exception(type(exception), exception, tb))


def derives(exception, name):
    """Whether an exception is of the class of that name, as Go writes names, or derived from it."""
    for cls in type(exception).__mro__:
        full = cls.__qualname__
        if cls.__module__ not in ("builtins", "__main__"):
            full = f"{cls.__module__}.{full}"
        if full == name:
            return True
    return False


def leave_with(manager, exception):
    """The end of a with statement whose body failed."""
    return bool(type(manager).__exit__(manager, type(exception), exception, exception.__traceback__))
