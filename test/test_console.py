"""jupyter console, driven through a pseudo-terminal as a person would."""

import os
import re
import sys
from pathlib import Path

import pexpect
import psutil
import pytest

import kernels


class Console:
    """A console on a terminal of its own. What it printed is read without colours and cursor movements."""

    def __init__(self, folder):
        kernels.kernelspec()
        # Without PROMPT_TOOLKIT_NO_CPR the console asks the terminal where its cursor is, and nobody would answer.
        environ = {**os.environ, "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1", "JUPYTER_CONFIG_DIR": str(folder),
                   "GOPY_HISTORY": str(folder / "history.jsonl")}
        jupyter = Path(sys.prefix) / "bin" / "jupyter"
        self.process = pexpect.spawn(str(jupyter), ["console", "--kernel", "gopy"], env=environ, cwd=str(folder),
                                     timeout=kernels.PATIENCE, encoding="utf-8", dimensions=(50, 120))
        self.seen = ""

    def wait(self, text):
        """Waits for a text, and returns what came before it since the last wait."""
        escape = r"(?:\x1b\[[0-9;?]*[A-Za-z])*"
        self.process.expect(escape.join(re.escape(c) for c in text))
        return kernels.plain(self.process.before)

    def prompt(self, number):
        return self.wait(f"In [{number}]: ")

    def type(self, line):
        self.process.send(line + "\r")

    def leave(self):
        self.process.sendcontrol("d")
        self.wait("Do you really want to exit ([y]/n)?")
        self.type("y")
        self.process.expect(pexpect.EOF)
        self.process.wait()
        assert self.process.exitstatus == 0

    def close(self):
        self.process.close(force=True)


@pytest.fixture
def console(tmp_path):
    c = Console(tmp_path)
    yield c
    c.close()


def test_a_session(console):
    assert "gopy-kernel" in console.prompt(1), "the banner names the kernel"

    console.type("x := 6 * 7")
    console.prompt(2)
    console.type("x")
    console.wait("Out[2]: ")
    assert console.prompt(3).split() == ["42"]

    console.type("func next(n int) int {")
    console.wait("...: ")
    console.type("return n + 1")
    console.wait("...: ")
    console.type("}")
    console.prompt(4)
    console.type("next(x)")
    console.wait("Out[4]: ")
    assert console.prompt(5).split() == ["43"]

    console.type('panic("no " + "way")')
    shown = console.prompt(6)
    assert "panic: no way" in shown and "In[5]:1" in shown

    console.type('fmt.Println("run" + "ning"); for {}')
    console.wait("running\r\n")
    console.process.sendintr()
    assert "interrupt" in console.prompt(7).lower()
    console.type("next(x)")
    console.wait("Out[7]: ")
    assert console.prompt(8).split() == ["43"]

    console.type('name := py.Get("input").Call("your " + "name? ")')
    console.wait("your name? ")
    console.type("Ann")
    console.prompt(9)
    console.type("name")
    console.wait("Out[9]: ")
    assert console.prompt(10).split() == ["'Ann'"]

    started = psutil.Process(console.process.pid).children(recursive=True)
    assert len(started) == 2, "front and worker"
    console.leave()
    assert not kernels.gone(started)


ARROW_UP = "\x1b[A"


def test_the_next_console_remembers(tmp_path):
    first = Console(tmp_path)
    first.prompt(1)
    first.type("older := 1")
    first.prompt(2)
    first.type("newer := 2")
    first.prompt(3)
    first.leave()
    second = Console(tmp_path)
    try:
        second.prompt(1)
        second.process.send(ARROW_UP)
        second.wait("newer := 2")
        second.type(ARROW_UP)  # and runs it: of the line only what differs is drawn
        second.prompt(2)
        second.type("older + 41")
        second.wait("Out[2]: ")
        assert second.prompt(3).split() == ["42"], "it is the cell of before"
        second.leave()
    finally:
        first.close()
        second.close()
