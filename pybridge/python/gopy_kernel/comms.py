"""The kernel's implementation of the package comm."""

import json
import sys

from comm.base_comm import BaseComm, CommManager

from gopy_kernel import output


class Kernel:
    """What Output widgets look for at a comm, to learn whose output they should collect."""

    iopub_socket = None

    def get_parent(self):
        return {"header": {"msg_id": output.request()}} if output.request else {}

    def send_response(self, socket, kind, content):
        """Called with an error that a block under an Output widget has raised."""
        for line in content.get("traceback", ()):
            print(line, file=sys.stderr)


class Comm(BaseComm):
    kernel = Kernel()

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        output.tell(
            msg_type,
            self.comm_id,
            keys.get("target_name") or "",
            written(data),
            written(metadata),
            [memoryview(b).tobytes() for b in buffers or ()],
        )


def written(value):
    return json.dumps({} if value is None else value, default=plain)


def plain(value):
    """What json has no form for: numbers of numpy become numbers, all else text."""
    item = getattr(value, "item", None)
    return item() if callable(item) and getattr(value, "ndim", None) == 0 else str(value)


manager = CommManager()


def opened(id, target, message):
    """The page opens a comm. The manager has a method for that too, but it logs what a handler raises."""
    handler = manager.targets.get(target)
    if handler is None:
        return False
    comm = Comm(comm_id=id, primary=False, target_name=target)
    manager.register_comm(comm)
    try:
        handler(comm, message)
    except BaseException:
        manager.comms.pop(id, None)
        comm.close(deleting=True)
        raise
    return True


def received(kind, id, message):
    comm = manager.comms.get(id)
    if comm is None:
        return False
    if kind == "comm_close":
        del manager.comms[id]
        comm._closed = True  # the page knows
        comm.handle_close(message)
    else:
        comm.handle_msg(message)
    return True
