import sys
from typing import Any, Generic, Self, TypeAlias, TypeVar, overload

from stubbed_too import count as count, pack

_T = TypeVar("_T")
_BoxT = TypeVar("_BoxT", bound=Box)
_AnyBox: TypeAlias = Box

class _Split:
    def __call__(self, box: Box) -> list[Box]: ...

class Box(Generic[_T]):
    @overload
    def fill(self, what: None = None) -> Self: ...
    @overload
    def fill(self, what: _T) -> Box[_T]: ...
    def weigh(self) -> int: ...
    def copy(self: _BoxT) -> _BoxT: ...

class Lid(Box[Any]):
    def shut(self) -> _AnyBox: ...

split: _Split

@overload
def either(box: Box) -> Box: ...
@overload
def either(box: Lid) -> Lid: ...
def maybe(box: Any) -> Lid | None: ...
