"""Colours, and what comes with them."""

import enum
import json
from collections import OrderedDict

__all__ = ["Colour", "json", "red"]


class Colour(enum.Enum):
    """Colours."""

    RED = 1
    DARK_RED = 2


red = Colour.RED
blue = "a value that __all__ does not have"


class Square:
    """A coloured square."""


def fill(shape):
    """A function that __all__ does not have."""
    return OrderedDict(shape=json.dumps(shape))
