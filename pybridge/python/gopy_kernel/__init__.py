"""The Python side of the bridge between Go and Python.

display, update_display, clear_output and DisplayHandle are for everyone, and display is a built-in
as in IPython; the other modules are the bridge's own.
"""

from gopy_kernel.output import DisplayHandle, clear_output, display, update_display

__all__ = ["DisplayHandle", "clear_output", "display", "update_display"]
