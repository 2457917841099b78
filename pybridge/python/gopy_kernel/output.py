"""display() and what belongs to it, for code that runs without an IPython shell.

The names and arguments are those of IPython.display, which is made to come here when somebody
imports it.
"""

import sys
import uuid

from gopy_kernel import mime

# Set by Go: show(data, metadata, id, update) and clear(wait); tell(kind, id, target, data, metadata, buffers)
# of comms and request(), both None where there is no page.
show = None
clear = None
tell = None
request = None


def publish_display_data(data, metadata=None, *, transient=None, update=False, **ignored):
    """Shows a MIME bundle as it is."""
    id = (transient or {}).get("display_id", "")
    show(mime.normalise(data), mime.to_json(metadata or {}), str(id), update)


def display(
    *objs,
    include=None,
    exclude=None,
    metadata=None,
    transient=None,
    display_id=None,
    raw=False,
    clear=False,
    update=False,
    **kwargs,
):
    """Shows objects in the best form that each has.

    With display_id (True makes one up) what is shown can be replaced later; then the handle for that
    is returned.
    """
    if display_id is True:
        display_id = uuid.uuid4().hex
    if update and display_id is None:
        raise TypeError("display_id required for update_display")
    if clear:
        clear_output(wait=True)
    transient = dict(transient or {})
    if display_id is not None:
        transient["display_id"] = display_id
    for obj in objs:
        data, hints = (obj, {}) if raw else mime.collect(obj, include, exclude)
        if metadata:
            hints = {**hints, **metadata}
        publish_display_data(data, hints, transient=transient, update=update)
    return DisplayHandle(display_id) if display_id is not None else None


def update_display(obj, *, display_id, **kwargs):
    """Replaces what was shown under an id."""
    display(obj, display_id=display_id, update=True, **kwargs)


def clear_output(wait=False):
    """Removes what the cell has shown; with wait, when something new comes."""
    clear(bool(wait))


def end_cell():
    """Shows the figures that are still open."""
    figures = sys.modules.get("gopy_kernel.figures")
    if figures is not None:
        figures.flush()


class DisplayHandle:
    """What was shown under an id."""

    def __init__(self, display_id=None):
        self.display_id = uuid.uuid4().hex if display_id is None else display_id

    def __repr__(self):
        return f"<{type(self).__name__} display_id={self.display_id}>"

    def display(self, obj, **kwargs):
        """Shows the first object under the id."""
        display(obj, display_id=self.display_id, **kwargs)

    def update(self, obj, **kwargs):
        """Replaces what is shown."""
        update_display(obj, display_id=self.display_id, **kwargs)
