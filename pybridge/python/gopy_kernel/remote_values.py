"""What is sent whole between two processes, and what Go reads of the objects that are not."""

import pickle

from gopy_kernel import classes

SCALARS = frozenset(map(type, (None, True, 1, 1.5, 1j, "", b"", ..., NotImplemented)))
PLAIN = SCALARS | {list, tuple, dict, set, frozenset, bytearray, range, slice}
# Whatever comes from these modules is sent whole: values, and what pickle makes them of.
VALUES = frozenset(
    """builtins datetime zoneinfo decimal fractions uuid pathlib collections numpy pandas pickle _pickle _codecs
    copyreg""".split()
)

# Methods that Python looks up in the type of an object.
SPECIAL = """abs add and await bool bytes call complex contains delitem divmod enter eq exit float floor floordiv format
fspath ge getitem gt iadd iand ifloordiv ilshift imatmul imod imul index int invert ior ipow irshift isub iter itruediv
ixor le len lshift lt matmul mod mul ne neg next or pos pow radd rand rdivmod reversed rfloordiv rlshift rmatmul rmod
rmul ror round rpow rrshift rshift rsub rtruediv rxor setitem sub truediv trunc xor""".split()


class Pickler(pickle.Pickler):
    """Writes a value whole, and what is no value in it by number."""

    def __init__(self, connection, file):
        super().__init__(file, 5)
        self.connection = connection

    def persistent_id(self, obj):
        return None if is_value(obj) else self.connection.pack(obj)


class Unpickler(pickle.Unpickler):
    def __init__(self, connection, file):
        super().__init__(file)
        self.connection = connection

    def persistent_load(self, packed):
        return self.connection.unpack(packed)


def is_value(obj):
    """Whether an object is sent whole, where the other side may have a copy."""
    cls = type(obj)
    if cls in PLAIN:
        return True
    if callable(obj):
        return hasattr(obj, "__qualname__") and root(obj) in VALUES
    return root(cls) in VALUES and cls.__module__ != "builtins"


def root(obj):
    return (getattr(obj, "__module__", None) or "").partition(".")[0]


def specification(cls):
    special = tuple(name for name in SPECIAL if getattr(cls, f"__{name}__", None) is not None)
    return (cls.__module__, cls.__qualname__, special, cls.__hash__ is not None, code_of(cls))


def code_of(cls):
    """How Go reads copies of the objects of a class: 0 for not at all."""
    if cls in PLAIN:
        return classes.COPY
    found = classes.classify(cls)
    if found is not None:
        return found[0]
    whole = root(cls) in VALUES and cls.__module__ != "builtins" and not hasattr(cls, "__call__")
    return classes.COPY if whole else 0


def stand_in(obj):
    """What Go reads of an object, as a value."""
    found = classes.classify(type(obj))
    if found is None:
        return obj
    if found[1] is not None:
        return found[1](obj)
    for builtin in (int, str, list, tuple, dict, bytes):
        if isinstance(obj, builtin):
            return builtin(obj)


def read_by_go(cls):
    """For the classifier of the side where Go is: a code and a function, or None."""
    if not cls._code:
        return None
    return cls._code, lambda obj: obj._connection.request("fetch", obj, cls._code != classes.COPY)
