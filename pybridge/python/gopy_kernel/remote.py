"""A Python in another process, under the interface of this one. Both processes run this file.

What one side has and the other only uses is a number there, with a Remote object in front of it. The side
that was started sends all but numbers and texts by number; the one that started it sends plain values whole.
"""

import collections
import io
import itertools
import pickle
import queue
import struct
import threading
import weakref

from gopy_kernel.remote_errors import describe, rebuild
from gopy_kernel.remote_values import SCALARS, Pickler, Unpickler, is_value, specification, stand_in

HEAD = struct.Struct("<QcqQ")  # length of what follows, kind, chain, number of the request in it
REQUEST, ANSWER, ERROR, DROP, END = b"q", b"a", b"e", b"d", b"x"


class ProcessDied(ConnectionError):
    """The other process has ended."""


class Remote:
    """An object of the other process."""

    __slots__ = ("_connection", "_number", "_count", "__weakref__")

    def __getattr__(self, name):
        if name in ("__array_interface__", "__array_struct__", "__dlpack__"):
            raise AttributeError(name)  # memory of another process
        return self._connection.request("getattr", self, name)

    def __setattr__(self, name, value):
        self._connection.request("setattr", self, name, value)

    def __delattr__(self, name):
        self._connection.request("delattr", self, name)

    def __dir__(self):
        return fetch(self._connection.request("dir", self))

    def __repr__(self):
        return self._connection.request("repr", self)

    def __str__(self):
        return self._connection.request("str", self)

    def __hash__(self):
        return self._connection.request("hash", self)

    def __del__(self):
        self._connection.dropped.append((self._number, self._count))

    def __reduce_ex__(self, protocol):
        return copied, (fetch(self),)


def copied(value):
    """What pickle makes of a Remote."""
    return value


def fetch(obj):
    """A copy of an object of the other process, made here."""
    return obj._connection.request("fetch", obj)


def forwarded(name):
    def method(self, *args):
        return self._connection.request("special", self, name, *args)

    return method


def call(self, /, *args, **kwargs):
    return self._connection.request("call", self, *args, **kwargs)


def as_array(self, dtype=None, copy=None):
    import numpy

    return numpy.asarray(fetch(self), dtype)


class Connection:
    """One end. Requests of one thread and what comes of them form a chain, which has a number."""

    def __init__(self, sock, first, whole, start, reason):
        self.sock, self.whole, self.start, self.reason = sock, whole, start, reason
        self.sending = threading.Lock()
        self.table = threading.RLock()
        self.chains, self.requests = itertools.count(first, 2), itertools.count(1)
        self.inboxes = {}
        self.mine, self.numbers, self.last = {}, {}, 0
        self.theirs = weakref.WeakValueDictionary()
        self.classes = {}
        self.dropped = collections.deque()  # numbers of the other side, which it has still to be told
        self.drops, self.unread = [], 0  # what it has dropped, and messages that may still refer to that
        self.local = threading.local()
        self.ended = False

    # Messages

    def send(self, kind, chain, number, payload):
        with self.sending:
            self.write(kind, chain, number, payload)
            # Behind it: what was dropped may be in a message that was sent before, but in none that comes.
            if self.dropped:
                drops = [self.dropped.popleft() for _ in range(len(self.dropped))]
                self.write(DROP, 0, 0, pickle.dumps(drops, 5))

    def write(self, kind, chain, number, payload):
        try:
            self.sock.sendall(HEAD.pack(len(payload), kind, chain, number))
            self.sock.sendall(payload)
        except OSError as e:
            raise ProcessDied(self.reason()) from e

    def read(self):
        """Runs on a thread of its own, until the other side is gone."""
        try:
            while True:
                size, kind, chain, number = HEAD.unpack(self.take(HEAD.size))
                self.deliver(kind, chain, number, self.take(size))
        except (OSError, EOFError):
            pass
        with self.table:
            self.ended = True
            for inbox in self.inboxes.values():
                inbox.put((END, 0, b""))
        self.start(None, 0, None)

    def take(self, size):
        data, at = bytearray(size), 0
        while at < size:
            n = self.sock.recv_into(memoryview(data)[at:])
            if not n:
                raise EOFError
            at += n
        return data

    def deliver(self, kind, chain, number, payload):
        if kind == DROP:
            with self.table:
                self.drops += pickle.loads(payload)
                gone = self.drop()
            del gone  # which may run any code, so not with the lock held
            return
        with self.table:
            inbox = self.inboxes.get(chain)
            if inbox is None and kind != REQUEST:
                return  # the answer to one who has not waited for it
            self.unread += 1
            if inbox is not None:
                inbox.put((kind, number, payload))
                return
            self.inboxes[chain] = queue.SimpleQueue()
        self.start(chain, number, payload)

    def end_chain(self, chain):
        with self.table:
            inbox = self.inboxes.pop(chain, None)
            if inbox is not None:
                self.unread -= inbox.qsize()

    # Requests

    def request(self, operation, /, *args, **kwargs):
        chain = getattr(self.local, "chain", None)
        if chain is not None:
            return self.ask(chain, operation, args, kwargs)
        chain = next(self.chains)
        with self.table:
            if self.ended:
                raise ProcessDied(self.reason())
            self.inboxes[chain] = queue.SimpleQueue()
        try:
            return self.ask(chain, operation, args, kwargs)
        finally:
            self.end_chain(chain)

    def ask(self, chain, operation, args, kwargs):
        packed = [self.pack(arg) for arg in args], {name: self.pack(value) for name, value in kwargs.items()}
        mine = next(self.requests)
        self.send(REQUEST, chain, mine, pickle.dumps((operation, *packed), 5))
        while True:
            kind, number, payload = self.inboxes[chain].get()
            if kind == REQUEST:
                self.serve(chain, number, payload)
            elif kind != END and number != mine:  # a request whose sender was interrupted
                self.read_message(payload, lambda message: None)
            elif kind == ANSWER:
                return self.read_message(payload, self.unpack)
            elif kind == ERROR:
                raise self.read_message(payload, lambda description: rebuild(self, description))
            else:
                raise ProcessDied(self.reason())

    def serve(self, chain, number, payload):
        before = getattr(self.local, "chain", None)
        self.local.chain = chain
        result = None  # which must live until the answer has been sent
        try:
            operation, args, kwargs = self.read_message(payload, self.unpack_request)
            result = self.perform(OPERATIONS[operation], args, kwargs)
            answer = ANSWER, self.pack(result, operation == "fetch")
        except BaseException as e:
            result, answer = e, self.answer_error(e)
        try:
            self.send(answer[0], chain, number, pickle.dumps(answer[1], 5))
        finally:
            self.local.chain = before
            result = None  # an exception refers to this frame

    def answer_error(self, e):
        return ERROR, describe(self, e)

    def unpack_request(self, message):
        operation, args, kwargs = message
        return operation, [self.unpack(arg) for arg in args], {k: self.unpack(v) for k, v in kwargs.items()}

    def read_message(self, payload, unpack):
        try:
            return unpack(pickle.loads(payload))
        finally:
            with self.table:
                self.unread -= 1
                gone = self.drop()
            del gone

    def perform(self, operation, args, kwargs):
        return operation(*args, **kwargs)

    def serve_new(self, chain, number, payload):
        """Serves a request that no thread here is waiting for."""
        try:
            self.serve(chain, number, payload)
        finally:
            self.end_chain(chain)

    # Values: scalars as they are, others as a tuple that says what they are.

    def pack(self, value, whole=False):
        if type(value) in SCALARS:
            return value
        if isinstance(value, Remote) and value._connection is self:
            return ("yours", value._number)
        if (whole or self.whole) and is_value(value):
            data = io.BytesIO()
            Pickler(self, data).dump(value)
            return ("value", data.getvalue())
        return ("mine", self.lend(value), specification(type(value)))

    def unpack(self, packed):
        if type(packed) is not tuple:
            return packed
        if packed[0] == "value":
            return Unpickler(self, io.BytesIO(packed[1])).load()
        if packed[0] == "yours":
            return self.mine[packed[1]][0]
        return self.remote(packed[1], packed[2])

    def lend(self, obj):
        """The number of an object, which the other side now refers to once more."""
        with self.table:
            number = self.numbers.get(id(obj))
            if number is None:
                self.last += 1
                number = self.numbers[id(obj)] = self.last
                self.mine[number] = [obj, 0]
            self.mine[number][1] += 1
            return number

    def drop(self):
        """Forgets what the other side has dropped, when no message is left that refers to it. It returns
        what the caller is to drop."""
        gone = []
        while self.drops and not self.unread:
            number, count = self.drops.pop()
            entry = self.mine[number]
            entry[1] -= count
            if entry[1] <= 0:
                del self.mine[number], self.numbers[id(entry[0])]
                gone.append(entry)
        return gone

    def remote(self, number, spec):
        with self.table:
            obj = self.theirs.get(number)
            if obj is None:
                obj = object.__new__(self.class_of(spec))
                object.__setattr__(obj, "_connection", self)
                object.__setattr__(obj, "_number", number)
                object.__setattr__(obj, "_count", 0)
                self.theirs[number] = obj
            object.__setattr__(obj, "_count", obj._count + 1)
            return obj

    def class_of(self, spec):
        cls = self.classes.get(spec)
        if cls is None:
            module, name, special, hashable, code = spec
            members = {"__module__": module, "__qualname__": name, "__slots__": (), "_code": code}
            members.update({f"__{method}__": forwarded(f"__{method}__") for method in special})
            if "call" in special:
                members["__call__"] = call
            if name == "ndarray":
                members["__array__"] = as_array
            if not hashable:
                members["__hash__"] = None
            elif "eq" in special:
                members["__hash__"] = Remote.__hash__
            cls = self.classes[spec] = type(name.rpartition(".")[2], (Remote,), members)
        return cls


def special(obj, name, *args):
    return getattr(obj, name)(*args)


def call_it(obj, /, *args, **kwargs):
    return obj(*args, **kwargs)


# What one side asks the other to do with an object.
OPERATIONS = {
    "getattr": getattr,
    "setattr": setattr,
    "delattr": delattr,
    "dir": dir,
    "repr": repr,
    "str": str,
    "hash": hash,
    "special": special,
    "call": call_it,
    "fetch": lambda obj, standing=False: stand_in(obj) if standing else obj,
}


def connect(fd, reason, sources):
    """The side that started the other: sends it the sources of this file and others, and reads from then on."""
    import socket

    connection = Connection(socket.socket(fileno=fd), 1, True, None, reason)

    def start(chain, number, payload):
        if chain is not None:
            threading.Thread(target=connection.serve_new, args=(chain, number, payload), daemon=True).start()

    connection.start = start
    connection.write(REQUEST, 0, 0, pickle.dumps(sources, 5))
    threading.Thread(target=connection.read, daemon=True, name="gopy_kernel.remote").start()
    return connection


def close(connection):
    """Ends the connection, upon which the other process ends."""
    import socket

    try:
        connection.sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it has ended already
