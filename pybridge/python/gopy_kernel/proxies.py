"""Go types as Python classes: objects that stand for a Go value, and do everything there."""

import collections.abc
import keyword
import operator
import re
import types
import weakref

live = weakref.WeakValueDictionary()  # the objects by the numbers of their Go values

# Go methods called Py… that are methods with underscores: PyGetItem is __getitem__.
SPECIAL = set(
    """abs add aenter aexit aiter and anext await bool bytes call ceil complex contains delattr delitem dir divmod
    enter eq exit float floor floordiv format fspath ge getitem gt hash iadd iand ifloordiv ilshift imatmul imod imul
    index int invert ior ipow irshift isub iter itruediv ixor le len lshift lt matmul mod mul ne neg next or pos pow
    radd rand rdivmod repr reversed rfloordiv rlshift rmatmul rmod rmul ror round rpow rrshift rshift rsub rtruediv
    rxor setitem str sub truediv trunc xor""".split()
)


class GoObject:
    """Stands for a Go value. _ref is what keeps the value alive."""

    _new = None

    def __new__(cls, *args, **kwargs):
        if cls._new is None:
            raise TypeError(f"{cls.__qualname__} is a Go type that only Go makes values of")
        made = cls._new(*args, **kwargs)
        if not isinstance(made, GoObject) or type(made) is cls:
            return made
        return adopt(cls, made)

    def __reduce_ex__(self, protocol):
        raise TypeError(f"a {type(self).__qualname__} belongs to the process that made it and cannot be pickled")


def proxy(cls, ref, number):
    """The object of a Go value: the one there is, or a new one."""
    found = live.get(number)
    if found is not None:
        return found
    self = object.__new__(cls)
    object.__setattr__(self, "_ref", ref)
    object.__setattr__(self, "_number", number)
    return live.setdefault(number, self)


def adopt(cls, made):
    """The object of a class that Python code has derived, in place of the one that Go made."""
    self = object.__new__(cls)
    object.__setattr__(self, "_ref", made._ref)
    object.__setattr__(self, "_number", made._number)
    live[made._number] = self
    return self


def make_class(name, go_type, methods, fields, abilities):
    bases, members = [GoObject], {"__module__": "go", "__doc__": f"Go's {go_type}.", "_go_type": go_type}
    describe = abilities["describe"]
    members["__repr__"] = lambda self: describe(self)
    for go_name, function in methods.items():
        add_names(members, go_name, method(go_name, function))
    for index, field in enumerate(fields):
        add_names(members, field, attribute(field, index, abilities))
    members.update(idioms(members, abilities))
    for go_name in methods:
        special = go_name[2:].lower()
        if go_name.startswith("Py") and special in SPECIAL:
            members[f"__{special}__"] = members[go_name]
    if "map" in abilities:
        bases.append(collections.abc.MutableMapping)
        members.update(mapping(abilities["map"]))
    if "sequence" in abilities:
        bases.append(collections.abc.MutableSequence)
        members.update(sequence(abilities["sequence"]))
    if "new" in abilities:
        members["_new"] = staticmethod(constructor(fields, abilities["new"]))
    return type(name, tuple(bases), members)


def add_names(members, go_name, value):
    """Under the name that it has in Go and the one that it would have in Python."""
    members[go_name] = value
    members.setdefault(snake(go_name), value)


def snake(name):
    name = re.sub(r"([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])", r"\1\3_\2", name).lower()
    return name + "_" if keyword.iskeyword(name) else name


def method(name, function):
    def call(self, /, *args, **kwargs):
        return function(self, *args, **kwargs)

    call.__name__ = call.__qualname__ = name
    call.__doc__ = function.__doc__
    return call


def attribute(name, index, abilities):
    get, set = abilities["get_field"], abilities["set_field"]
    return property(lambda self: get(self, index), lambda self, value: set(self, index, value), doc=f"Go's field {name}.")


def constructor(fields, new):
    """Values for the fields, in their order or by name."""

    def make(*args, **kwargs):
        if len(args) > len(fields):
            raise TypeError(f"there are {len(fields)} fields, and {len(args)} values for them")
        made = new()
        for field, value in [*zip(fields, args), *kwargs.items()]:
            if not isinstance(getattr(type(made), field, None), property):
                raise TypeError(f"there is no field {field}")
            setattr(made, field, value)
        return made

    return make


def idioms(members, abilities):
    """What Python has syntax for, by Go methods that say the same."""
    found = {}
    for ability, name in (("str", "__str__"), ("len", "__len__"), ("iter", "__iter__")):
        if ability in abilities:
            found[name] = members[abilities[ability]]
    if "close" in abilities:
        close = members[abilities["close"]]
        found["__enter__"] = lambda self: self
        found["__exit__"] = lambda self, kind, value, traceback: close(self)
    if "equal" in abilities:
        equal = members[abilities["equal"]]
        found["__eq__"] = lambda self, other: self is other or compared(equal, self, other)
        found["__hash__"] = None
    if "compare" in abilities:
        found.update(ordering(members[abilities["compare"]]))
    if "get_attr" in abilities:
        found["__getattr__"] = members[abilities["get_attr"]]
    if "set_attr" in abilities:
        found["__setattr__"] = set_attribute(members[abilities["set_attr"]])
    if "read" in abilities:
        found.update(reader(abilities["read"]))
    if "write" in abilities:
        found["write"] = members[abilities["write"]]
        found["flush"] = members.get("flush", lambda self: None)
        found["writable"] = lambda self: True
    return found


def compared(method, self, other):
    """What the Go method says, if the other value is of a type that it takes."""
    if other is None:
        return NotImplemented  # to Go it would be a nil pointer
    try:
        return method(self, other)
    except TypeError:
        return NotImplemented


def ordering(compare):
    def operator(says):
        def compare_with(self, other):
            n = compared(compare, self, other)
            return n if n is NotImplemented else says(n)

        return compare_with

    return {
        "__lt__": operator(lambda n: n < 0),
        "__le__": operator(lambda n: n <= 0),
        "__gt__": operator(lambda n: n > 0),
        "__ge__": operator(lambda n: n >= 0),
    }


def set_attribute(set):
    def __setattr__(self, name, value):
        if hasattr(type(self), name) or name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            set(self, name, value)

    return __setattr__


def reader(read_some):
    """The methods of a file that is open for reading bytes, from io.Reader.

    read_some(n) gives at most n bytes, and nothing at the end.
    """

    def read(self, size=-1):
        parts = [self.__dict__.pop("_rest", b"")]
        if size is None or size < 0:
            while part := read_some(self, 1 << 16):
                parts.append(part)
            return b"".join(parts)
        have = len(parts[0])
        while have < size and (part := read_some(self, size - have)):
            parts.append(part)
            have += len(part)
        return keep(self, b"".join(parts), size)

    def readline(self, size=-1):
        data = self.__dict__.pop("_rest", b"")
        while b"\n" not in data and (size is None or size < 0 or len(data) < size):
            part = read_some(self, 1 << 12)
            if not part:
                break
            data += part
        end = data.find(b"\n") + 1 or len(data)
        return keep(self, data, end if size is None or size < 0 else min(end, size))

    def keep(self, data, size):
        self.__dict__["_rest"] = data[size:]
        return data[:size]

    return {
        "read": read,
        "readline": readline,
        "readable": lambda self: True,
        "__iter__": lambda self: iter(lambda: readline(self), b""),
    }


def mapping(abilities):
    def __getitem__(self, key):
        found, value = abilities["get"](self, key)
        if not found:
            raise KeyError(key)
        return value

    def __delitem__(self, key):
        __getitem__(self, key)
        abilities["delete"](self, key)

    return {
        "__getitem__": __getitem__,
        "__setitem__": lambda self, key, value: abilities["set"](self, key, value),
        "__delitem__": __delitem__,
        "__iter__": lambda self: iter(abilities["keys"](self)),
        "__len__": lambda self: abilities["len"](self),
    }


def sequence(abilities):
    def at(self, index, n):
        index = operator.index(index)
        if not -n <= index < n:
            raise IndexError("index out of range")
        return index % n

    def __getitem__(self, index):
        n = abilities["len"](self)
        if isinstance(index, slice):
            return [abilities["get"](self, i) for i in range(*index.indices(n))]
        return abilities["get"](self, at(self, index, n))

    def __setitem__(self, index, value):
        if isinstance(index, slice):
            raise TypeError("a part of a Go slice cannot be assigned to at once")
        abilities["set"](self, at(self, index, abilities["len"](self)), value)

    def __delitem__(self, index):
        if "delete" not in abilities:
            raise TypeError("a Go array has a fixed length")
        abilities["delete"](self, at(self, index, abilities["len"](self)))

    def insert(self, index, value):
        if "insert" not in abilities:
            raise TypeError("a Go array has a fixed length")
        n = abilities["len"](self)
        abilities["insert"](self, max(0, min(n, index + n if index < 0 else index)), value)

    return {
        "__getitem__": __getitem__,
        "__setitem__": __setitem__,
        "__delitem__": __delitem__,
        "__len__": lambda self: abilities["len"](self),
        "insert": insert,
    }


def new_class(name, doc, bases, methods, static, properties, attributes, keywords):
    """A class whose methods are Go functions."""

    def fill(members):
        members["__module__"] = "go"
        if doc:
            members["__doc__"] = doc
        members.update(attributes)
        members.update({name: method(name, function) for name, function in methods.items()})
        members.update({name: staticmethod(function) for name, function in static.items()})
        members.update({name: property(get, set, None, doc) for name, (get, set, doc) in properties.items()})

    return types.new_class(name, bases, keywords, fill)
