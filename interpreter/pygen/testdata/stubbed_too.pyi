from typing import Final
from stubbed import Box, Lid

class _Pack:
    def __call__(self, *things) -> Box: ...

pack: Final[_Pack]

def count(box: Box) -> Box: ...
