"""Comms of Python code: what goes between it and the page, as widgets do.

Libraries use the package comm, whose two functions are there to be replaced by a kernel. That is done
when somebody imports it, by hooks.
"""

import json
import sys

from gopy_kernel import output


def replace(comm):
    """Comms that anybody makes are ours."""
    from gopy_kernel import comms

    comm.create_comm = comms.Comm
    comm.get_comm_manager = lambda: comms.manager


def widgets(ipywidgets):
    """Without an IPython shell, widgets neither listen to the page nor show figures where they should."""
    ipywidgets.register_comm_target()
    interaction = sys.modules.get("ipywidgets.widgets.interaction")
    if interaction is not None:
        interaction.show_inline_matplotlib_plots = output.end_cell


def receive(kind, id, target, data, metadata, buffers):
    """Hands over what the page has sent; False if nobody here takes it."""
    if "comm" not in sys.modules:
        return False
    from gopy_kernel import comms

    message = {
        "header": {"msg_id": output.request() if output.request else "", "msg_type": kind},
        "parent_header": {},
        "metadata": json.loads(metadata),
        "content": {"comm_id": id, "data": json.loads(data)},
        "buffers": [memoryview(b) for b in buffers],
    }
    if kind == "comm_open":
        message["content"]["target_name"] = target
        return comms.opened(id, target, message)
    return comms.received(kind, id, message)
