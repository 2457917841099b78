"""Makes Python values of what Go writes, where that takes a module that is not built in."""


def timedelta(days, seconds, microseconds):
    import datetime

    return datetime.timedelta(days, seconds, microseconds)


def moment(seconds, microseconds, offset, zone):
    import datetime

    utc = datetime.timezone.utc
    value = datetime.datetime(1970, 1, 1, tzinfo=utc) + datetime.timedelta(seconds=seconds, microseconds=microseconds)
    return value if zone == "UTC" else value.astimezone(timezone(offset, zone))


def timezone(offset, zone):
    import datetime

    if zone == "UTC":
        return datetime.timezone.utc
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


def decimal(text):
    import decimal

    return decimal.Decimal(text)


def path(text):
    import pathlib

    return pathlib.Path(text)


def uuid(data):
    import uuid

    return uuid.UUID(bytes=data)


def parsed(text):
    import json

    return json.loads(text)


class GoIterator:
    """An iter.Seq or a channel of Go."""

    _pending = None  # what async for waits for; it stays when that is cancelled, so that no value is lost

    def __init__(self, next, close, later):
        self._next = next
        self.close = close
        self._later = later

    def __iter__(self):
        return self

    def __next__(self):
        more, value = self._next()
        if more:
            return value
        raise StopIteration

    def __aiter__(self):
        return self

    async def __anext__(self):
        import asyncio
        from concurrent.futures import Future

        if self._pending is None:
            self._pending = pending = Future()
            pending.set_running_or_notify_cancel()  # which nobody can cancel from here on
            self._later(lambda *produced: pending.set_result(produced))
        more, value, error = await asyncio.wrap_future(self._pending)
        self._pending = None
        if error is not None:
            raise error
        if more:
            return value
        raise StopAsyncIteration

    def __del__(self):
        self.close()
