"""Everything between client and kernel encrypted by CURVE, with keys from the connection file, as jupyter_client does it."""

import json

import pytest
import zmq

import kernels

pytestmark = pytest.mark.skipif(not zmq.has("curve"), reason="libzmq was built without CURVE here")


@pytest.fixture
def encrypted(start):
    return start(encryption="required")


def test_cells_run_encrypted(encrypted):
    file = json.loads(open(encrypted.manager.connection_file).read())
    assert len(file["curve_publickey"]) == 40 and len(file["curve_secretkey"]) == 40
    assert encrypted.ok("6 * 7").result == "42"
    printed = encrypted.ok('for i := range 20_000 { fmt.Println("line", i) }').stdout
    assert printed.count("\n") == 20_000
    large = encrypted.ok('strings.Repeat("x", 1<<18)').result
    assert len(large) == 1 << 18
    assert encrypted.client.hb_channel.is_beating()
    request = encrypted.client.execute('fmt.Println("running")\nfor {}')
    encrypted.await_output(request, "running")
    encrypted.manager.interrupt_kernel()
    assert encrypted.collect(request).reply["ename"] == "interrupt"


def ask(kernel, prepare):
    """What a client gets that connects to the shell by itself; None if nothing."""
    file = json.loads(open(kernel.manager.connection_file).read())
    with zmq.Context() as context, context.socket(zmq.DEALER) as socket:
        socket.linger = 0
        prepare(socket, file)
        socket.connect(f"tcp://{file['ip']}:{file['shell_port']}")
        session = kernel.client.session
        session.send(socket, "kernel_info_request", {})
        return socket.recv_multipart() if socket.poll(2000) else None


def keyed(socket, file, server=None):
    socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
    socket.curve_serverkey = server or file["curve_publickey"].encode()


def test_who_has_the_key_is_let_in(encrypted):
    assert ask(encrypted, keyed) is not None


@pytest.mark.parametrize("prepare", [
    pytest.param(lambda socket, file: None, id="no key"),
    pytest.param(lambda socket, file: keyed(socket, file, zmq.curve_keypair()[0]), id="another kernel's key"),
])
def test_who_has_not_is_kept_out(encrypted, prepare):
    assert ask(encrypted, prepare) is None
    assert encrypted.ok("1 + 1").result == "2"


def test_a_key_for_a_kernel_without_one_is_no_use(fresh):
    assert ask(fresh, lambda socket, file: keyed(socket, file, zmq.curve_keypair()[0])) is None
    assert fresh.ok("1 + 1").result == "2"
