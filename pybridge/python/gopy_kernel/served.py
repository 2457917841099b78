"""The process that serves another: requests are performed on its main thread, one after the other."""

import _thread
import queue
import signal
import socket
import sys
import threading

from gopy_kernel import inspection, remote, running


class Server(remote.Connection):
    def __init__(self, sock):
        super().__init__(sock, 2, False, self.enqueue, lambda: "the process that started this one has ended")
        self.waiting = queue.SimpleQueue()
        self.performing = self.interrupted = False

    def enqueue(self, chain, number, payload):
        self.waiting.put((chain, number, payload))
        if chain is None and self.performing:
            _thread.interrupt_main()  # nobody is waiting for it any more

    def perform(self, operation, args, kwargs):
        if threading.current_thread() is not threading.main_thread():
            return operation(*args, **kwargs)
        before = self.performing
        try:
            self.performing = True
            return operation(*args, **kwargs)
        finally:
            self.performing = before

    def ask(self, chain, operation, args, kwargs):
        """While the other side does something, an interrupt waits: the connection must not be torn."""
        before, self.performing = self.performing, False
        try:
            return super().ask(chain, operation, args, kwargs)
        finally:
            self.performing = before
            if self.interrupted and before:
                self.interrupted = False
                raise KeyboardInterrupt

    def serve_new(self, chain, number, payload):
        self.interrupted = False
        super().serve_new(chain, number, payload)

    def answer_error(self, e):
        self.performing = False  # should the interrupt have come on the way out
        return super().answer_error(e)

    def interrupt(self, number, frame):
        """SIGINT is for what was asked for; between requests there is nothing to interrupt."""
        if self.performing:
            raise KeyboardInterrupt
        self.interrupted = True

    def run(self):
        signal.signal(signal.SIGINT, self.interrupt)
        threading.Thread(target=self.read, daemon=True, name="gopy_kernel.remote").start()
        while True:
            chain, number, payload = self.waiting.get()
            if chain is None:
                return
            try:
                self.serve_new(chain, number, payload)
            except remote.ProcessDied:
                return  # there is nobody to answer


def imported(module):
    import importlib

    return importlib.import_module(module)


remote.OPERATIONS.update(
    {
        "import": imported,
        "evaluate": running.evaluate,
        "evaluate_with": lambda source, /, **names: running.evaluate_with(source, names),
        "execute": running.execute,
        "run_cell": running.run_cell,
        "lookup": running.lookup,
        "assign": running.assign,
        "reset": running.reset,
        "ask": lambda obj, function, *args: getattr(inspection, function)(obj, *args),
    }
)


def main(fd):
    sys.path[:1] = [""]  # the working folder, as in an interactive Python
    with socket.socket(fileno=fd) as sock:
        Server(sock).run()
