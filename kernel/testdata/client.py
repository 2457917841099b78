"""Drives a kernel with jupyter_client. Argument: its connection file. Exits with 0 if all is well."""

import sys
import warnings

warnings.simplefilter("error", DeprecationWarning)  # naive dates in headers

import zmq  # noqa: E402
from jupyter_client import BlockingKernelClient  # noqa: E402

TIMEOUT = 30


def connect(path):
    client = BlockingKernelClient(connection_file=path)
    client.load_connection_file()
    client.start_channels()
    client.wait_for_ready(timeout=TIMEOUT)
    return client


def run(client, code, **options):
    """Executes and returns the reply's content and the outputs as (type, content), idle left out."""
    outputs = []
    reply = client.execute_interactive(
        code, timeout=TIMEOUT, output_hook=lambda m: outputs.append((m["msg_type"], m["content"])), **options
    )
    kinds = [kind for kind, _ in outputs]
    assert outputs[0][1] == {"execution_state": "busy"}, outputs
    assert outputs[-1][1] == {"execution_state": "idle"}, outputs
    assert kinds.count("status") == 2, outputs
    return reply["content"], [o for o in outputs if o[0] not in ("status", "execute_input")]


def cells(client):
    reply, outputs = run(client, "hello")
    assert reply["status"] == "ok" and reply["execution_count"] == 1, reply
    assert outputs == [("stream", {"name": "stdout", "text": "hello, world\n"})], outputs
    _, outputs = run(client, "warn")
    assert outputs == [("stream", {"name": "stderr", "text": "oops ü😀\n"})], outputs
    reply, outputs = run(client, "1+1", user_expressions={"x": "y"})
    assert outputs[0][1]["data"] == {"text/plain": "1+1"}, outputs
    assert reply["user_expressions"]["x"]["data"] == {"text/plain": "y"}, reply
    reply, outputs = run(client, "fail", stop_on_error=False)
    assert reply["status"] == "error" and reply["traceback"] == ["boom"], reply
    assert [kind for kind, _ in outputs] == ["error"], outputs
    _, outputs = run(client, "display")
    assert outputs[0][1]["data"]["image/png"] == "AQID", outputs
    assert outputs[0][1]["data"]["text/html"] == "<b>&</b>", outputs
    _, outputs = run(client, "flood")
    assert "".join(c["text"] for _, c in outputs) == "0123456789\n" * 50_000
    assert len(outputs) < 1000, len(outputs)


def editors(client):
    assert client.complete("ab", reply=True, timeout=TIMEOUT)["content"]["matches"] == ["ab1"]
    assert client.inspect("ab", reply=True, timeout=TIMEOUT)["content"]["data"] == {"text/plain": "about ab"}
    client.is_complete("func f() {")
    assert client.get_shell_msg(timeout=TIMEOUT)["content"] == {"status": "incomplete", "indent": "\t"}
    history = client.history(hist_access_type="tail", n=2, reply=True, timeout=TIMEOUT)["content"]["history"]
    assert [line[2] for line in history] == ["display", "flood"], history
    assert client.comm_info(reply=True, timeout=TIMEOUT)["content"] == {"status": "ok", "comms": {}}
    assert client.kernel_info(reply=True, timeout=TIMEOUT)["content"]["language_info"]["name"] == "go"


def stdin(client):
    reply, outputs = run(client, "ask", allow_stdin=True, stdin_hook=lambda message: client.input("Ann"))
    assert outputs == [("stream", {"name": "stdout", "text": "hello Ann"})], outputs
    reply, _ = run(client, "ask", allow_stdin=False)
    assert reply["ename"] == "Input", reply


def interrupt(client):
    message = client.session.msg("interrupt_request", {})
    asked = client.execute("loop")
    while client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "stream":
        pass
    assert client.complete("ab", reply=True, timeout=TIMEOUT)["content"]["matches"] == ["ab1"]
    client.control_channel.send(message)
    assert client.get_control_msg(timeout=TIMEOUT)["msg_type"] == "interrupt_reply"
    reply = client.get_shell_msg(timeout=TIMEOUT)
    assert reply["parent_header"]["msg_id"] == asked, reply
    assert reply["content"]["ename"] == "Interrupt", reply


def heartbeat(client):
    client.hb_channel.unpause()
    assert client.hb_channel.is_alive() and client.is_alive()
    beat = zmq.Context.instance().socket(zmq.REQ)
    beat.connect(client._make_url("hb"))
    beat.send(b"any bytes\xff")
    assert beat.poll(TIMEOUT * 1000) and beat.recv() == b"any bytes\xff"
    beat.close(linger=0)


def hostile(client):
    signed = client.session.serialize(client.session.msg("kernel_info_request", {}))
    for frames in (
        [b""],
        signed[:3],
        signed[1:],
        [signed[0], b"0" * 64, *signed[2:]],
        [*signed[:5], b'{"changed": true}'],
        [b"x"] * 100,
        [b"x" * 1_000_000],
    ):
        client.shell_channel.socket.send_multipart(frames)
    client.kernel_info()
    assert client.get_shell_msg(timeout=TIMEOUT)["msg_type"] == "kernel_info_reply"


def shutdown(client):
    client.shutdown()
    assert client.get_control_msg(timeout=TIMEOUT)["content"] == {"status": "ok", "restart": False}
    while client.get_iopub_msg(timeout=TIMEOUT)["msg_type"] != "shutdown_reply":
        pass
    assert client.get_iopub_msg(timeout=TIMEOUT)["content"] == {"execution_state": "idle"}


def main():
    client, other = connect(sys.argv[1]), connect(sys.argv[1])
    for check in (cells, editors, stdin, interrupt, heartbeat, hostile):
        check(client)
        print(check.__name__, "ok")
    other.stop_channels()
    client.kernel_info(reply=True, timeout=TIMEOUT)
    shutdown(client)
    print("shutdown ok")
    client.stop_channels()


main()
