"""Kernels for the tests: started as Jupyter starts them, with every message that they send kept.

Nothing waits without a limit. A kernel's processes are known by their ids, and ended by them.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"

# How long anything may take that takes moments. A slow machine must not make a test fail.
PATIENCE = 60


def kernelspec() -> Path:
    """The folder of the kernelspec that `make kernel` has installed beside this Python."""
    folder = Path(sys.prefix) / "share" / "jupyter" / "kernels" / "gopy"
    assert (folder / "kernel.json").is_file(), f"no kernel in {folder}: run `make kernel`, and the tests with its Python"
    return folder


@dataclass
class Cell:
    """What came back for one request: the reply's content, and the outputs as (type, content)."""

    reply: dict = field(default_factory=dict)
    messages: list = field(default_factory=list)

    @property
    def outputs(self):
        return [(kind, content) for kind, content in self.messages if kind not in ("status", "execute_input")]

    @property
    def stdout(self):
        return self._stream("stdout")

    @property
    def stderr(self):
        return self._stream("stderr")

    def _stream(self, name):
        return "".join(c["text"] for kind, c in self.outputs if kind == "stream" and c["name"] == name)

    @property
    def result(self):
        """text/plain of the value; None if there is none."""
        values = [c["data"]["text/plain"] for kind, c in self.outputs if kind == "execute_result"]
        assert len(values) <= 1, values
        return values[0] if values else None

    @property
    def error(self):
        """The traceback without colours; empty if the cell did not fail."""
        errors = [c for kind, c in self.outputs if kind == "error"]
        assert len(errors) <= 1, errors
        return plain("\n".join(errors[0]["traceback"])) if errors else ""


def plain(text):
    """Text without the escape sequences of terminals."""
    import re

    return re.sub(r"\x1b(\[[0-9;?]*[A-Za-z]|[()][A-B0-9]|[=>])", "", text)


class Kernel:
    """A running kernel and a client. The front is the process that Jupyter starts; cells run in a worker."""

    def __init__(self, folder: Path, env=None, before=(), installed=None, encryption="disabled"):
        """Starts the kernel. Its stderr goes into a file in folder. `env` is set on top of the kernelspec's
        and the process's own; None takes a name away. The command line gets `before` in front. The kernelspec is
        that beside this Python, or the one in the folder `installed`. With the `encryption` "required" everything
        between client and kernel is encrypted."""
        spec = json.loads(((installed or kernelspec()) / "kernel.json").read_text())
        environ = {**os.environ, **spec.get("env", {}), **(env or {})}
        environ = {k: v for k, v in environ.items() if v is not None}
        specs = folder / "kernels"
        (specs / "gopy").mkdir(parents=True)
        spec["argv"] = [*before, *spec["argv"]]
        spec["env"] = {}
        (specs / "gopy" / "kernel.json").write_text(json.dumps(spec))
        self.log_file = folder / "stderr.txt"
        self.manager = KernelManager(kernel_name="gopy", kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(specs)]),
                                     transport_encryption=encryption)
        self._log = self.log_file.open("wb")  # open as long as a restart may need it
        self.manager.start_kernel(env=environ, cwd=str(folder), stderr=self._log, stdout=self._log)
        self.client = self.manager.blocking_client()
        self.client.start_channels()

    def ready(self):
        self.client.wait_for_ready(timeout=PATIENCE)
        return self

    def close(self):
        """Shuts the kernel down, and ends by force what is left of it."""
        processes = self.processes()
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel()
        end(processes)
        self._log.close()

    @property
    def log(self):
        return self.log_file.read_text(errors="replace")

    @property
    def front(self) -> psutil.Process:
        return psutil.Process(self.manager.provisioner.pid)

    def processes(self):
        """The front and all that it started."""
        try:
            return [self.front, *self.front.children(recursive=True)]
        except (psutil.NoSuchProcess, AttributeError, TypeError):
            return []

    def worker(self) -> psutil.Process:
        """The worker; there is one when a cell has run."""
        found = [p for p in self.front.children() if p.name() == "worker" or "worker" in Path(p.exe()).name]
        assert len(found) == 1, found
        return found[0]

    def run(self, code, timeout=PATIENCE, **options) -> Cell:
        """Executes code and waits for its reply and its idle."""
        return self.collect(self.client.execute(code, **options), timeout)

    def ok(self, code, **options) -> Cell:
        """Executes code that must not fail."""
        cell = self.run(code, **options)
        assert cell.reply["status"] == "ok", cell.error or cell.reply
        return cell

    def fails(self, code, **options) -> Cell:
        """Executes code that must fail."""
        cell = self.run(code, **options)
        assert cell.reply["status"] == "error", cell.messages
        return cell

    def collect(self, request, timeout=PATIENCE, reply=True) -> Cell:
        """Waits for the idle of a request, and for its reply. What else comes meanwhile is dropped."""
        cell = Cell()
        deadline = time.monotonic() + timeout
        while True:
            message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") != request:
                continue
            cell.messages.append((message["msg_type"], message["content"]))
            if message["content"].get("execution_state") == "idle":
                break
        while reply:
            message = self.client.get_shell_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") == request:
                cell.reply = message["content"]
                break
        return cell

    def await_output(self, request, text, timeout=PATIENCE):
        """Waits until a running cell has printed a text."""
        seen, deadline = "", time.monotonic() + timeout
        while text not in seen:
            message = self.client.get_iopub_msg(timeout=max(0.1, deadline - time.monotonic()))
            if message["parent_header"].get("msg_id") == request and message["msg_type"] == "stream":
                seen += message["content"]["text"]


@contextmanager
def started(folder: Path, **options):
    """A kernel that is ready, and is ended with all its processes."""
    kernel = Kernel(folder, **options)
    try:
        yield kernel.ready()
    finally:
        kernel.close()


def gone(processes, timeout=PATIENCE):
    """Those processes that are still there when the time is over."""
    _, alive = psutil.wait_procs([p for p in processes if p.pid != os.getpid()], timeout=timeout)
    return [p for p in alive if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def end(processes):
    """Ends processes that may have ended already."""
    for process in processes:
        try:
            process.send_signal(signal.SIGKILL)  # psutil looks that the id is still of the same process
        except psutil.NoSuchProcess:
            pass
    psutil.wait_procs(processes, timeout=PATIENCE)


def program() -> str:
    """The path of the front, as the kernelspec has it."""
    return json.loads((kernelspec() / "kernel.json").read_text())["argv"][0]


def call(*command, timeout=PATIENCE, **options) -> subprocess.CompletedProcess:
    """Runs a program with a time limit, and keeps what it prints."""
    return subprocess.run(command, timeout=timeout, capture_output=True, text=True, **options)
