"""Dataframes between Go and Python, by the stream interface of Arrow."""

import sys

from _gopy_kernel import arrow_address, arrow_empty, arrow_stream  # noqa: F401 - Go looks for them here

NULLABLE = 2


class Table:
    """A table of Go. Libraries that speak Arrow take it as it is; to_pandas is for those who do not have
    pyarrow, which pandas needs for that."""

    def __init__(self, length, columns):
        self.length = length
        self.columns = columns  # (name, format, nulls, buffers)

    def __arrow_c_stream__(self, requested_schema=None):
        return arrow_stream(("", "+s", 0, self.length, 0, (None,), tuple(map(self.spec, self.columns))))

    def spec(self, column):
        name, format, nulls, buffers = column
        return name, format, NULLABLE, self.length, nulls, tuple(buffers), ()

    def __len__(self):
        return self.length

    @property
    def column_names(self):
        return [column[0] for column in self.columns]

    def __repr__(self):
        return f"<Table of Go: {self.length} rows, columns {', '.join(self.column_names)}>"

    def to_pandas(self):
        """A DataFrame. Numbers without gaps share the memory of Go, where pandas leaves them alone."""
        import pandas

        return pandas.DataFrame({name: self.series(pandas, *rest) for name, *rest in self.columns}, copy=False)

    def series(self, pandas, format, nulls, buffers):
        import numpy

        valid = bits(numpy, buffers[0], self.length) if nulls else None
        if format in "uU":
            texts = [str(text, "utf-8") for text in slices(buffers)]
            return texts if valid is None else [text if there else None for text, there in zip(texts, valid)]
        if format in "zZ":
            values = list(slices(buffers))
            return values if valid is None else [value if there else None for value, there in zip(values, valid)]
        if format == "b":
            values = bits(numpy, buffers[1], self.length)
            return values if valid is None else pandas.arrays.BooleanArray(values, ~valid)
        values = numpy.asarray(buffers[1])
        if format.startswith("ts"):
            times = pandas.Series(values.view(f"datetime64[{'ns' if format[2] == 'n' else 'us'}]"))
            return (times if valid is None else times.where(valid)).dt.tz_localize("UTC")
        if format == "tDn":
            times = pandas.Series(values.view("timedelta64[ns]"))
            return times if valid is None else times.where(valid)
        if valid is None:
            return values
        if values.dtype.kind == "f":
            return numpy.where(valid, values, numpy.nan)
        return pandas.arrays.IntegerArray(values, ~valid)


def bits(numpy, buffer, length):
    packed = numpy.frombuffer(buffer, "uint8")
    return numpy.unpackbits(packed, count=length, bitorder="little").astype(bool)


def slices(buffers):
    _, offsets, data = buffers
    offsets, data = memoryview(offsets).tolist(), bytes(data)
    return (data[start:end] for start, end in zip(offsets, offsets[1:]))


class Stream:
    """A stream that Go has filled, for one library that speaks Arrow."""

    def __init__(self, capsule):
        self.capsule = capsule

    def __arrow_c_stream__(self, requested_schema=None):
        capsule, self.capsule = self.capsule, None
        if capsule is None:
            raise ValueError("the stream has been read already")
        return capsule


def open(obj):
    """A capsule with a stream, or a list of columns as column() makes them."""
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(obj, pandas.DataFrame):
        # Its own stream needs pyarrow, and copies what is not Arrow already.
        return [column(pandas, str(name), obj.iloc[:, i]) for i, name in enumerate(obj.columns)]
    return stream(obj)


def stream(obj):
    if not hasattr(type(obj), "__arrow_c_stream__"):
        raise TypeError(f"a {type(obj).__qualname__} is no dataframe that speaks Arrow")
    return obj.__arrow_c_stream__()


def column(pandas, name, series):
    """(name, values, which are there or None, kind)."""
    if isinstance(series.dtype, pandas.CategoricalDtype):
        series = series.astype(object) if series.isna().any() else series.astype(series.cat.categories.dtype)
    if isinstance(series.dtype, pandas.DatetimeTZDtype):
        series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    missing = series.isna().to_numpy(dtype=bool)
    valid = ~missing if missing.any() else None
    dtype = getattr(series.dtype, "numpy_dtype", series.dtype)  # of extension arrays with a mask
    kind = getattr(dtype, "kind", "O")
    if kind == "f" and dtype is series.dtype:
        return name, series.to_numpy(), None, "numbers"  # NaN is a value
    if kind in "biufc":
        values = series.to_numpy() if dtype is series.dtype else series.to_numpy(dtype=dtype, na_value=dtype.type(0))
        return name, values, valid, "numbers"
    if kind == "M":
        return name, series.to_numpy(), valid, "times"
    if kind == "m":
        return name, series.fillna(pandas.Timedelta(0)).to_numpy(), valid, "durations"
    return objects(name, series, valid)


def objects(name, series, valid):
    values = series.tolist()
    if valid is None:
        texts = all(type(value) is str for value in values)
        return name, values, None, "texts" if texts else "objects"
    texts = all(type(value) is str for value, there in zip(values, valid) if there)
    filler = "" if texts else None
    return name, [value if there else filler for value, there in zip(values, valid)], valid, "texts" if texts else "objects"
