"""Python values that Go has types for.

The first half makes them from what Go writes; the second half says, for a type that the C side does
not know, what it writes for Go: a code, which decode.go lists, and a function that gives a plainer
value in the object's place (None: what the object holds as an instance of a built-in type).
"""

import sys


def timedelta(microseconds):
    import datetime

    return datetime.timedelta(microseconds=microseconds)


def moment(seconds, microseconds, offset, zone):
    import datetime

    utc = datetime.timezone.utc
    value = datetime.datetime(1970, 1, 1, tzinfo=utc) + datetime.timedelta(seconds=seconds, microseconds=microseconds)
    return value if zone == "UTC" else value.astimezone(timezone(offset, zone))


def timezone(offset, zone):
    import datetime

    if zone:
        try:
            import zoneinfo

            return zoneinfo.ZoneInfo(zone)
        except Exception:  # a name that only Go knows: a fixed offset is what is left
            pass
    return datetime.timezone(datetime.timedelta(seconds=offset))


def fraction(numerator, denominator):
    import fractions

    return fractions.Fraction(numerator, denominator)


class GoIterator:
    """An iter.Seq or a channel of Go."""

    def __init__(self, next, close):
        self._next = next
        self.close = close

    def __iter__(self):
        return self

    def __next__(self):
        more, value = self._next()
        if more:
            return value
        raise StopIteration

    def __del__(self):
        self.close()


SUBCLASS, NUMBER, DATETIME, TIMEDELTA, FRACTION, DECIMAL, TEXT, BYTES, FIELDS, MOMENT, EXCEPTION = range(1, 12)


def classify(cls):
    """The code and the function for a type, or None for what stays an object."""
    for find in (numpy_scalar, standard, builtin):
        found = find(cls)
        if found is not None:
            return found
    return None


def numpy_scalar(cls):
    numpy = sys.modules.get("numpy")
    if numpy is None or not issubclass(cls, getattr(numpy, "generic", ())):
        return None
    if issubclass(cls, numpy.str_):
        return NUMBER, str
    if issubclass(cls, numpy.bytes_):
        return NUMBER, bytes
    if issubclass(cls, (numpy.longdouble, numpy.clongdouble)):
        return None  # more digits than Go has
    if issubclass(cls, (numpy.number, numpy.bool_)) and not issubclass(cls, numpy.timedelta64):
        return NUMBER, cls.item
    return None


def standard(cls):
    if cls is bytearray:
        return BYTES, bytes
    if issubclass(cls, BaseException):
        return EXCEPTION, lambda v: None
    if loaded(cls, "datetime", "datetime"):
        return (DATETIME if cls.__module__ == "datetime" else MOMENT), from_datetime
    if loaded(cls, "datetime", "date"):
        return MOMENT, from_date
    if loaded(cls, "datetime", "timedelta"):
        return TIMEDELTA, lambda v: (v.days, v.seconds, v.microseconds)
    if loaded(cls, "fractions", "Fraction"):
        return FRACTION, lambda v: (v.numerator, v.denominator)
    if loaded(cls, "decimal", "Decimal"):
        return DECIMAL, str
    if loaded(cls, "uuid", "UUID"):
        return TEXT, str
    if loaded(cls, "pathlib", "PurePath"):
        return TEXT, str
    if loaded(cls, "enum", "Enum") and not issubclass(cls, (int, str)):
        return SUBCLASS, lambda v: v.value
    if loaded(cls, "collections", "deque"):
        return SUBCLASS, list
    if "dataclasses" in sys.modules and hasattr(cls, "__dataclass_fields__"):
        return FIELDS, lambda v: {name: getattr(v, name) for name in v.__dataclass_fields__}
    return None


def loaded(cls, module, name):
    """Whether cls is of a class whose module somebody has imported: nobody else has such objects."""
    module = sys.modules.get(module)
    return module is not None and issubclass(cls, getattr(module, name, ()))


def builtin(cls):
    if issubclass(cls, float):
        return SUBCLASS, cls.__float__
    if issubclass(cls, complex):
        return SUBCLASS, lambda v: complex(v.real, v.imag)
    if issubclass(cls, (int, str, list, tuple, dict, bytes)):
        return SUBCLASS, None
    if issubclass(cls, (set, frozenset)):
        return SUBCLASS, frozenset if issubclass(cls, frozenset) else set
    if cls in (type({}.keys()), type({}.values()), type({}.items())):
        return SUBCLASS, list
    if cls is type(type.__dict__):
        return SUBCLASS, dict
    return None


def from_datetime(value):
    import datetime

    if value.tzinfo is None:
        epoch = int(value.replace(microsecond=0).timestamp())
        return epoch, value.microsecond, None, None
    since = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    offset = value.utcoffset()
    seconds = offset.days * 86400 + offset.seconds
    return since.days * 86400 + since.seconds, since.microseconds, seconds, getattr(value.tzinfo, "key", None)


def from_date(value):
    import datetime

    since = value - datetime.date(1970, 1, 1)
    return since.days * 86400, 0, 0, None  # midnight in UTC
