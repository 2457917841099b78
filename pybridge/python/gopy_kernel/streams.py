"""sys.stdout, sys.stderr and sys.stdin of a program that is not Python."""

import io
import sys

import _gopy_kernel


class Output(io.TextIOBase):
    """A text stream that ends in a function of the other side. Nothing waits in it."""

    encoding = "utf-8"
    errors = "backslashreplace"
    newlines = None
    line_buffering = True
    write_through = True
    mode = "w"

    def __init__(self, fd, write, flush):
        self.fd = fd
        self.name = f"<{'stdout' if fd == 1 else 'stderr'}>"
        # On the instance, so that print() finds the function itself and no method around it.
        self.write = write
        self.flush = flush
        self.buffer = io.BufferedWriter(Bytes(self), 1)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def fileno(self):
        return self.fd

    def isatty(self):
        return False

    def writable(self):
        return True

    def reconfigure(self, **settings):
        """Programs ask for utf-8 and for line buffering, and have both."""

    def close(self):
        self.flush()

    def detach(self):
        raise io.UnsupportedOperation("the stream has nothing underneath")


class Bytes(io.RawIOBase):
    """What sys.stdout.buffer writes to."""

    def __init__(self, text):
        self.text = text

    def writable(self):
        return True

    def fileno(self):
        return self.text.fd

    def write(self, data):
        import codecs

        data = bytes(data)
        # Bytes are text for whoever is at the other end; half a character waits for its rest.
        decoder = self.__dict__.setdefault("decoder", codecs.getincrementaldecoder("utf-8")("replace"))
        self.text.write(decoder.decode(data))
        self.text.flush()
        return len(data)


class Input(io.TextIOBase):
    """sys.stdin: each line is asked for."""

    encoding = "utf-8"
    errors = "strict"
    mode = "r"
    name = "<stdin>"

    def __init__(self, ask):
        self.ask = ask
        self.rest = ""

    def readline(self, size=-1):
        if not self.rest:
            self.rest = self.ask("", False) + "\n"
        if size is None or size < 0:
            size = len(self.rest)
        line, self.rest = self.rest[:size], self.rest[size:]
        return line

    def read(self, size=-1):
        if size is None or size < 0:
            raise io.UnsupportedOperation("input has no end here; read it line by line")
        return self.readline(size)

    def readable(self):
        return True

    def fileno(self):
        return 0

    def isatty(self):
        return False


def connect_output(write_stdout=None, write_stderr=None):
    """Sets the output streams; None is the file descriptor of the process."""

    def nothing():
        pass

    if write_stdout is None:
        sys.stdout = Output(1, _gopy_kernel.write_stdout, _gopy_kernel.flush_stdout)
    else:
        sys.stdout = Output(1, write_stdout, nothing)
    if write_stderr is None:
        sys.stderr = Output(2, _gopy_kernel.write_stderr, _gopy_kernel.flush_stderr)
    else:
        sys.stderr = Output(2, write_stderr, nothing)
    sys.__stdout__, sys.__stderr__ = sys.stdout, sys.stderr


# ask(prompt, password) returns a line without its end; None where there is nobody to ask.
ask = None


def connect_input(function):
    import builtins

    global ask
    ask = function

    def input(prompt=""):
        """Asks the user for a line."""
        sys.stdout.flush()
        return ask(str(prompt), False)

    builtins.input = input
    sys.stdin = sys.__stdin__ = Input(ask)
