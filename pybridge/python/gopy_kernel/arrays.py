"""Arrays that Go cannot read as they are."""

import sys


def moments(obj):
    """For datetime64 and timedelta64: whether it is a point in time, nanoseconds in a unit, and the counts
    as an array of int64. None for all else."""
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(obj, (numpy.ndarray, numpy.generic)) or obj.dtype.kind not in "Mm":
        return None
    unit, count = numpy.datetime_data(obj.dtype)
    # Microseconds reach further than nanoseconds, which end in 2262, but lose the last digits of finer units.
    fine = unit in ("ns", "ps", "fs", "as")
    name = "datetime64" if obj.dtype.kind == "M" else "timedelta64"
    counts = numpy.asarray(obj).astype(f"{name}[{'ns' if fine else 'us'}]").view("int64")
    return obj.dtype.kind == "M", 1 if fine else 1000, counts


def tensor(obj):
    """The capsule of DLPack of an object that has one. None for all else, capsules above all."""
    if not hasattr(type(obj), "__dlpack__"):
        return None
    try:
        return obj.__dlpack__(max_version=(1, 0))
    except TypeError:  # of before version 1, which cannot say that memory is read-only
        return obj.__dlpack__()
