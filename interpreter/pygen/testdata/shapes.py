"""Shapes of all kinds.

+build ignore
//go:build ignore

Areas
-----
"""

import asyncio  # noqa: F401 - a module that is imported is no part of this one
from typing import TYPE_CHECKING, Any, Optional  # noqa: F401

from colours import Square as square  # noqa: F401
from colours import fill  # noqa: F401

__version__ = "1.2"

print("this is printed when the module is imported")

pi = 3
ORIGIN_POINT = (0, 0)
unit = "cm"
nothing = None
变 = 1
_private = 1
__doc_lines__ = 2


def decorated(function):
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    wrapper.__wrapped__ = function
    wrapper.__doc__ = function.__doc__
    return wrapper


def draw_all(a, /, b=None, *rest, colour: "str" = "red", names={"x", "y"}, key=decorated, **others) -> list:
    """Draw all shapes.

    Parameters
    ----------
    a : shape
        The first,
        	indented.

    # This is no heading, and */ no end of a comment.
    """


@decorated
def area(side: float, *, unit: str = unit) -> float:
    """The area of a square
    with the given side.
    """
    return side * side


def undocumented():
    pass


def strange():
    pass


# Newer Pythons do not compile a docstring like this.
strange.__doc__ = "A zero \0, a bell \a, a turn \u202e, a lone surrogate \ud800, a no-break\u00a0space and a\u200bgap.\r\nThe end"


def table():
    """=====  =====
    in     out
    =====  =====
    """


def many(first_parameter=1, second_parameter=2, third_parameter=3, fourth_parameter=4, fifth_parameter=5, sixth=6):
    """Has many parameters."""


def type(value):
    """Has the name of a keyword."""


def module():
    """Has the name of a function in each package."""


def π(x):
    """Has a Greek name."""


def set_title():
    """Becomes SetTitle."""


def setTitle():
    """Becomes SetTitle too."""


async def load(path):
    """Load a shape."""
    return path


class Square:
    """A square.

    It has four sides.
    """

    def __init__(self, side=1):
        self.side = side

    @classmethod
    def from_area(cls, area):
        """Make a square of a given area."""
        return cls(area**0.5)

    @staticmethod
    def sides() -> int:
        return 4

    def grow(self, by=1, /, *, times: int = 1) -> "Self":  # noqa: F821
        """Grow by some.

        Nothing else changes.
        """
        return Square(self.side + by * times)

    def twin(self) -> "Square | None":
        return Square(self.side)

    def both(self) -> "Square | Multiplier":
        """Of one class or another."""

    def neighbours(self) -> "list[Square]":
        return []

    @property
    def area(self) -> float:
        """The area.

        In square centimetres.
        """
        return self.side**2

    @property
    def inner(self) -> Optional["Square"]:
        return Square(self.side / 2)

    def index(self):
        """Has the name of a method of all objects."""
        return 7

    def close(self):
        """Has it too, and keeps it."""
        return "closed"

    async def paint(self):
        """Paint it."""

    object = 5
    colour: str


Square.UNIT = Square()


class ShapeError(ValueError):
    """Something is wrong with a shape."""

    def __init__(self, shape):
        super().__init__(shape)


Quadrangle = Square


class Cube(Square):
    """A cube."""

    def volume(self) -> "Any":
        return self.side**3


def largest(*squares) -> Square:
    """The largest."""
    return max(squares, key=lambda s: s.side)


def new_square() -> Optional[Square]:
    """Has the name of a constructor."""


class Multiplier:
    """Multiplies.

    double(x) is twice x.
    """

    def __init__(self, factor):
        self.factor = factor
        self.__doc__ = "double(x)\n\nTwice x."

    def __call__(self, x, /):
        return x * self.factor


double = Multiplier(2)


def __getattr__(name):
    if name == "gone":
        raise AttributeError("gone was removed in 1.1")
    raise AttributeError(name)


def __dir__():
    return sorted([*globals(), "gone"])
