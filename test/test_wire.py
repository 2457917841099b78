"""Messages that no client should send, on real sockets: they are logged, and nothing else comes of them."""

import json
import time

import pytest

import kernels

DELIMITER = b"<IDS|MSG>"


@pytest.fixture(scope="module")
def wire(kernel):
    return Wire(kernel)


class Wire:
    def __init__(self, kernel):
        self.kernel = kernel
        self.session = kernel.client.session

    def parts(self, kind, content):
        """Header, parent, metadata and content as bytes, and the id. No two have the same metadata, so that no two
        have the same signature, whatever is done to their headers."""
        header = self.session.msg(kind, content)["header"]
        parts = (header, {}, {"of": header["msg_id"]}, content)
        return [json.dumps(p, default=str).encode() for p in parts], header["msg_id"]

    def signed(self, parts):
        return [DELIMITER, self.session.sign(parts), *parts]

    def send(self, channel, frames):
        getattr(self.kernel.client, f"{channel}_channel").socket.send_multipart(frames)

    def complains(self, words, known):
        """Waits until the log has got a line with all words."""
        deadline = time.monotonic() + kernels.PATIENCE
        while True:
            new = self.kernel.log[known:]
            if any(all(w in line for w in words) for line in new.splitlines()):
                return
            assert time.monotonic() < deadline, f"no line with {words} in the log:\n{new}"
            time.sleep(0.02)  # until the next look

    def states(self, request):
        """The states that were published for a request; ends with idle."""
        return [c["execution_state"] for kind, c in self.kernel.collect(request, reply=False).messages if kind == "status"]

    def works(self):
        assert self.kernel.ok("1 + 1").result == "2"


# Frames made of the parts of a good message, and a word that the log must have.
BROKEN = {
    "wrong signature": (lambda w, parts: [DELIMITER, b"0" * 64, *parts], "signature"),
    "no signature": (lambda w, parts: [DELIMITER, b"", *parts], "signature"),
    "changed content": (lambda w, parts: [*w.signed(parts)[:5], b'{"changed": true}'], "signature"),
    "no delimiter": (lambda w, parts: w.signed(parts)[1:], "delimiter"),
    "truncated": (lambda w, parts: w.signed(parts)[:4], "cut short"),
    "only the delimiter": (lambda w, parts: [DELIMITER], "cut short"),
    "empty": (lambda w, parts: [b""], "delimiter"),
    "header is broken JSON": (lambda w, parts: w.signed([b'{"msg_id": ', *parts[1:]]), "header"),
    "header is not JSON": (lambda w, parts: w.signed([b"\xff\xfe\x00", *parts[1:]]), "header"),
    "header is no object": (lambda w, parts: w.signed([b"[]", *parts[1:]]), "header"),
    "header without a type": (lambda w, parts: w.signed([b'{"msg_id": "a"}', *parts[1:]]), "header"),
}


@pytest.mark.parametrize("channel", ["shell", "control"])
@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_message_is_logged(wire, name, channel):
    frames, word = BROKEN[name]
    parts, _ = wire.parts("kernel_info_request", {})
    known = len(wire.kernel.log)
    wire.send(channel, frames(wire, parts))
    wire.complains(["WARN", channel, word], known)
    wire.works()


@pytest.mark.parametrize("channel", ["shell", "control"])
def test_a_message_is_not_taken_twice(wire, channel):
    parts, request = wire.parts("kernel_info_request", {})
    wire.send(channel, wire.signed(parts))
    assert wire.states(request) == ["busy", "idle"]
    known = len(wire.kernel.log)
    wire.send(channel, wire.signed(parts))
    wire.complains(["WARN", "signature"], known)
    wire.works()


CONTENTS = {
    "broken JSON": ("execute_request", b'{"code": "1 + '),
    "not JSON": ("execute_request", b"\xff\xfe"),
    "no object": ("execute_request", b"[1, 2]"),
    "no code": ("execute_request", b"{}"),
    "code of a wrong type": ("execute_request", b'{"code": 5}'),
    "cursor of a wrong type": ("complete_request", b'{"code": "x", "cursor_pos": "end"}'),
    "cursor beyond the end": ("complete_request", b'{"code": "x", "cursor_pos": 1000000}'),
    "cursor before the begin": ("inspect_request", b'{"code": "x", "cursor_pos": -1}'),
    "unknown type": ("nonsense_request", b"{}"),
    "a reply": ("execute_reply", b'{"status": "ok"}'),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_idle_is_sent_where_the_parent_is_known(wire, name):
    kind, content = CONTENTS[name]
    parts, request = wire.parts(kind, {})
    wire.send("shell", wire.signed([*parts[:3], content]))
    assert wire.states(request) == ["busy", "idle"]
    wire.works()


def test_an_unknown_type_is_logged(wire):
    known = len(wire.kernel.log)
    parts, request = wire.parts("nonsense_request", {})
    wire.send("control", wire.signed(parts))
    assert wire.states(request) == ["busy", "idle"]
    wire.complains(["WARN", "nonsense_request"], known)
