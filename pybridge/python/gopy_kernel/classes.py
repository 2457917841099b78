"""Says how Go is to read objects of types that the C side does not know.

For a type that is a code, which decode.go lists, and a function that gives a plainer value in the
object's place (None: what the object holds as an instance of a built-in type).
"""

import sys

GO = 255  # as the C side has it
(
    SUBCLASS,
    NUMBER,
    DATETIME,
    TIMEDELTA,
    FRACTION,
    DECIMAL,
    TEXT,
    BYTES,
    FIELDS,
    MOMENT,
    EXCEPTION,
    UUID,
    RANGE,
    SLICE,
    ZONE,
    NAMED,
    COPY,
) = range(1, 18)


def classify(cls):
    """The code and the function for a type, or None for what stays an object."""
    for find in (numpy_scalar, standard, times, builtin):
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
    if issubclass(cls, numpy.datetime64):
        return DATETIME, from_datetime64
    if issubclass(cls, numpy.timedelta64):
        return TIMEDELTA, from_timedelta64
    if issubclass(cls, numpy.longdouble):
        return DECIMAL, str  # more digits than Go has
    if issubclass(cls, numpy.clongdouble):
        return None
    if issubclass(cls, numpy.void):
        return FIELDS, lambda v: {name: v[name] for name in v.dtype.names} if v.dtype.names else None
    if issubclass(cls, (numpy.number, numpy.bool_)):
        return NUMBER, cls.item
    return None


def standard(cls):
    if cls is bytearray:
        return BYTES, bytes
    if cls is range:
        return RANGE, lambda v: (v.start, v.stop, v.step)
    if cls is slice:
        return SLICE, lambda v: (v.start, v.stop, v.step)
    if loaded(cls, "gopy_kernel.remote", "Remote"):
        return sys.modules["gopy_kernel.remote_values"].read_by_go(cls)
    if loaded(cls, "gopy_kernel.proxies", "GoObject"):
        return GO, lambda v: v._ref
    if issubclass(cls, BaseException):
        return EXCEPTION, lambda v: None
    if loaded(cls, "fractions", "Fraction"):
        return FRACTION, lambda v: (v.numerator, v.denominator)
    if loaded(cls, "decimal", "Decimal"):
        return DECIMAL, str
    if loaded(cls, "uuid", "UUID"):
        return UUID, lambda v: (str(v), v.bytes)
    if loaded(cls, "pathlib", "PurePath"):
        return TEXT, str
    if loaded(cls, "enum", "Enum") and not issubclass(cls, (int, str)):
        return SUBCLASS, lambda v: v.value
    if loaded(cls, "collections", "deque"):
        return SUBCLASS, list
    if "dataclasses" in sys.modules and hasattr(cls, "__dataclass_fields__"):
        return FIELDS, lambda v: {name: getattr(v, name) for name in v.__dataclass_fields__}
    return None


def times(cls):
    if loaded(cls, "datetime", "datetime"):
        return (DATETIME if cls.__module__ == "datetime" else MOMENT), from_datetime
    if loaded(cls, "datetime", "date"):
        return MOMENT, from_date
    if loaded(cls, "datetime", "timedelta"):
        return TIMEDELTA, from_timedelta
    if loaded(cls, "datetime", "tzinfo"):
        return ZONE, from_zone
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
    if issubclass(cls, tuple) and names_of(cls):
        names = names_of(cls)
        return NAMED, lambda v: dict(zip(names, v))
    if issubclass(cls, (int, str, list, tuple, dict, bytes)):
        return SUBCLASS, None
    if issubclass(cls, (set, frozenset)):
        return SUBCLASS, frozenset if issubclass(cls, frozenset) else set
    if cls in (type({}.keys()), type({}.values()), type({}.items())):
        return SUBCLASS, list
    if cls is type(type.__dict__):
        return SUBCLASS, dict
    return None


def names_of(cls):
    """The names of the items of a namedtuple, or of a struct sequence such as time.localtime()."""
    names = getattr(cls, "_fields", None)
    if names is None and hasattr(cls, "n_sequence_fields"):
        names = getattr(cls, "__match_args__", None)  # from 3.10 on
    return names if isinstance(names, tuple) and len(set(names)) == len(names) else None


# Times are seconds since 1970, nanoseconds, offset from UTC in seconds, and name of the zone.


def from_datetime(value):
    import datetime

    if value != value:
        return None  # the NaT of pandas is a datetime
    nanoseconds = value.microsecond * 1000 + getattr(value, "nanosecond", 0)
    if value.tzinfo is None:
        return int(value.replace(microsecond=0).timestamp()), nanoseconds, None, None
    since = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    key, offset = from_zone(value.tzinfo, value)
    return since.days * 86400 + since.seconds, nanoseconds, offset, key


def from_date(value):
    import datetime

    since = value - datetime.date(1970, 1, 1)
    return since.days * 86400, 0, 0, None  # midnight in UTC


def from_datetime64(value):
    import numpy

    if numpy.isnat(value):
        return None
    seconds = value.astype("datetime64[s]")
    rest = (value - seconds).astype("timedelta64[ns]")
    return int(seconds.astype("int64")), int(rest.astype("int64")), 0, None


def from_timedelta(value):
    if value != value:
        return None
    return value.days, value.seconds, value.microseconds * 1000 + getattr(value, "nanoseconds", 0)


def from_timedelta64(value):
    import numpy

    if numpy.isnat(value) or numpy.datetime_data(value.dtype)[0] in ("generic", "M", "Y"):
        return None  # months and years are no durations
    seconds = value.astype("timedelta64[s]")
    days, seconds_of_day = divmod(int(seconds.astype("int64")), 86400)
    return days, seconds_of_day, int((value - seconds).astype("timedelta64[ns]").astype("int64"))


def from_zone(zone, moment=None):
    """The name of a zone (pytz calls it zone) and its offset, None where it depends on the moment."""
    key = getattr(zone, "key", None) or getattr(zone, "zone", None)
    offset = zone.utcoffset(moment)
    if offset is None:
        return key, None
    return key, offset.days * 86400 + offset.seconds


class Rules(dict):
    """Classes for which Go has rules of its own, with their numbers; None for all others."""

    def __init__(self):
        self.own = {}

    def add(self, cls, number):
        if not isinstance(cls, type):
            raise TypeError("a rule is for a class")
        self.own[cls] = number
        self.clear()

    def __missing__(self, cls):
        for base in cls.__mro__[:-1]:
            if base in self.own:
                break
        number = self[cls] = self.own.get(base if cls is not object else cls)
        return number
