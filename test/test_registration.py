"""The handshake of protocol 5.6: the kernel gets a registration file, chooses its ports and tells them to the launcher, which is
libzmq here. No release of jupyter_client has a launcher that does."""

import json
import os
import subprocess

import pytest
import zmq
from jupyter_client import BlockingKernelClient
from jupyter_client.session import Session

import kernels

KEY = b"a0436f6c-1916-498b-8eb9-e81ab9368e84"
DELIMITER = b"<IDS|MSG>"


class Launcher:
    """Has the registration socket, and starts kernels."""

    def __init__(self, folder, transport="tcp", key=KEY):
        self.folder, self.transport, self.key = folder, transport, key
        self.sign = Session(key=key).sign
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.linger = 0
        if transport == "ipc":
            self.ip, self.port = str(folder / "r"), 1
            self.socket.bind(f"ipc://{self.ip}-{self.port}")
        else:
            self.ip, self.port = "127.0.0.1", self.socket.bind_to_random_port("tcp://127.0.0.1")
        self.kernels = []

    def start(self, kernel_id="one"):
        file = self.folder / f"kernel-{kernel_id}.json"
        file.write_text(json.dumps({
            "kernel_id": kernel_id, "transport": self.transport, "registration_ip": self.ip, "registration_port": self.port,
            "signature_scheme": "hmac-sha256", "key": self.key.decode(),
        }))
        environ = {**os.environ, "JUPYTER_RUNTIME_DIR": str(self.folder)}
        process = subprocess.Popen([kernels.program(), "kernel", str(file)], env=environ, cwd=self.folder, stderr=subprocess.PIPE, text=True)
        self.kernels.append(process)
        return process

    def registered(self):
        """Who has registered, and the content that was sent."""
        assert self.socket.poll(kernels.PATIENCE * 1000)
        identity, delimiter, signature, content = self.socket.recv_multipart()
        assert delimiter == DELIMITER and signature == self.sign([content])
        return identity, json.loads(content)

    def acknowledge(self, identity, content=b"ACK", signature=None):
        self.socket.send_multipart([identity, DELIMITER, self.sign([content]) if signature is None else signature, content])

    def connect(self, content):
        """A client of jupyter_client for the kernel that has sent the content."""
        client = BlockingKernelClient(context=self.context)
        ports = {name: int(content[name]) for name in content if name.endswith("_port")}
        client.load_connection_info({"transport": self.transport, "ip": self.ip, "key": self.key, "signature_scheme": "hmac-sha256", **ports})
        client.start_channels()
        client.wait_for_ready(timeout=kernels.PATIENCE)
        return client

    def close(self):
        for process in self.kernels:
            if process.poll() is None:
                process.kill()
            process.wait(timeout=kernels.PATIENCE)
            process.stderr.close()
        self.context.destroy(linger=0)


@pytest.fixture
def launcher(tmp_path):
    made = []

    def make(**options):
        made.append(Launcher(tmp_path, **options))
        return made[-1]

    yield make
    for l in made:
        l.close()


def computes(client):
    """Runs a cell, and then ends the kernel."""
    shown = []
    client.execute_interactive("6 * 7", timeout=kernels.PATIENCE, output_hook=shown.append)
    assert [m["content"]["data"]["text/plain"] for m in shown if m["msg_type"] == "execute_result"] == ["42"]


def end(client, process):
    client.shutdown()
    assert process.wait(timeout=kernels.PATIENCE) == 0
    client.stop_channels()


@pytest.mark.parametrize("options", [
    pytest.param({}, id="tcp"),
    pytest.param({"key": b""}, id="not signed"),
    pytest.param({"transport": "ipc"}, id="ipc"),
])
def test_the_launcher_learns_the_ports(launcher, tmp_path, options):
    l = launcher(**options)
    process = l.start()
    identity, content = l.registered()
    names = ["control_port", "hb_port", "iopub_port", "kernel_id", "shell_port", "stdin_port"]
    assert sorted(content) == names and all(isinstance(v, str) for v in content.values())
    assert content["kernel_id"] == "one"
    l.acknowledge(identity)
    client = l.connect(content)
    info = client.kernel_info(reply=True, timeout=kernels.PATIENCE)
    assert info["content"]["protocol_version"] == info["header"]["version"] == "5.6"
    computes(client)

    written = tmp_path / "kernel-one-connection.json"
    assert written.stat().st_mode & 0o777 == 0o600
    other = BlockingKernelClient(connection_file=str(written))
    other.load_connection_file()
    other.start_channels()
    other.wait_for_ready(timeout=kernels.PATIENCE)
    computes(other)
    other.stop_channels()
    end(client, process)
    assert not written.exists()
    assert (tmp_path / "kernel-one.json").exists(), "the launcher's own file stays, for a restart"


def test_many_kernels_and_a_restart(launcher):
    l = launcher()
    started = {name: l.start(name) for name in ("one", "two", "three")}
    clients = {}
    while len(clients) < len(started):
        identity, content = l.registered()
        l.acknowledge(identity)
        clients[content["kernel_id"]] = l.connect(content)
    for name, process in started.items():
        end(clients[name], process)
    again = l.start("two")
    identity, content = l.registered()
    l.acknowledge(identity)
    client = l.connect(content)
    computes(client)
    end(client, again)


def test_a_kernel_that_nobody_waits_for_ends(launcher):
    l = launcher()
    forged = l.start()
    identity, _ = l.registered()
    l.acknowledge(identity, signature=b"00")
    assert forged.wait(timeout=kernels.PATIENCE) == 1
    assert "acknowledgement: signature" in forged.stderr.read()

    left = l.start()
    l.registered()
    l.socket.close()
    assert left.wait(timeout=kernels.PATIENCE) == 1, "it ends when the launcher is gone"
    assert "acknowledgement" in left.stderr.read()
