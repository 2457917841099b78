"""CPython's own loops, which the bridge is compared with."""

from textwrap import indent
from time import perf_counter


def loop(setup, statement):
    """A function that runs a statement n times and returns the seconds that this took. The loop is part
    of it, as it is on the other side."""
    space = {"perf_counter": perf_counter}
    source = f"""
def run(n):
{indent(setup, " ")}
 start = perf_counter()
 for i in range(1000, 1000 + n):
{indent(statement, "  ")}
 return perf_counter() - start
"""
    exec(source, space)
    return space["run"]
