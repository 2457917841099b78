"""Exceptions that go from one process to another, and back."""

import builtins
from traceback import format_exception

from gopy_kernel.remote_values import SCALARS

DEPTH = 20  # of causes that are told
KEPT = ("code", "errno", "strerror", "filename")  # attributes that some classes have


def describe(connection, e, depth=0):
    """An exception for the other side. One that came from there goes back by its number."""
    if e is None or depth > DEPTH:
        return None
    origin = getattr(e, "_origin", None)
    if origin is not None and origin.connection is connection:
        return ("yours", origin.number)
    names = tuple((cls.__module__, cls.__qualname__) for cls in type(e).__mro__[:-1])
    args = tuple(arg if is_plain(arg) else text_of(arg) for arg in e.args)
    extra = tuple((name, getattr(e, name)) for name in KEPT if type(getattr(e, name, e)) in SCALARS)
    text = getattr(e, "_remote_traceback", None) or "".join(format_exception(type(e), e, outer_frame(e)))
    linked = (
        describe(connection, e.__cause__, depth + 1),
        describe(connection, e.__context__, depth + 1),
        e.__suppress_context__,
    )
    return ("mine", connection.lend(e), names, args, text_of(e), extra, text, linked)


def rebuild(connection, description):
    """The exception that a description is of. One that was made here is itself again."""
    if description is None:
        return None
    if description[0] == "yours":
        return connection.mine[description[1]][0]
    _, number, names, args, message, extra, text, (cause, context, suppress) = description
    e = make_error(error_class(names), args, message)
    e._origin, e._remote_traceback = Origin(connection, number), text
    for name, value in extra:
        if getattr(e, name, None) != value:
            setattr(e, name, value)
    e.__cause__, e.__context__ = rebuild(connection, cause), rebuild(connection, context)
    e.__suppress_context__ = suppress
    return e


def is_plain(obj):
    return type(obj) in SCALARS or type(obj) is tuple and all(type(item) in SCALARS for item in obj)


class Origin:
    """Where an exception came from. It lives as long as the exception."""

    def __init__(self, connection, number):
        self.connection, self.number = connection, number

    def __del__(self):
        self.connection.dropped.append((self.number, 1))


def outer_frame(e):
    """The first frame of its traceback that is not the bridge's."""
    tb = e.__traceback__
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith("<gopy_kernel>/"):
        tb = tb.tb_next
    return tb


def text_of(obj):
    try:
        return str(obj)
    except Exception:
        return f"<{type(obj).__qualname__}>"


errors = {}


def error_class(names):
    """A class with the name of one of the other process, derived from what this process has of it."""
    cls = errors.get(names)
    if cls is None:
        (module, name), *bases = names
        found = getattr(builtins, name, None) if module == "builtins" else None
        if isinstance(found, type):
            return found
        base = error_class(tuple(bases)) if bases else Exception
        members = {"__module__": module, "__qualname__": name, "__str__": lambda e: e._message}
        cls = errors[names] = type(name.rpartition(".")[2], (base,), members)
    return cls


def make_error(cls, args, message):
    try:
        e = cls(*args)
    except Exception:  # a class that wants other arguments than it keeps
        e = cls.__new__(cls)
        e.args = (message,)
    e._message = message
    return e
