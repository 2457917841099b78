"""A matplotlib backend for notebooks: a figure is shown as a picture, by plt.show() or when the cell
ends, and closed.

matplotlib takes this module by its name, module://gopy_kernel.figures, from MPLBACKEND. What it looks
for in a backend module are FigureCanvas, FigureManager and show.
"""

from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from gopy_kernel.output import publish_display_data
from gopy_kernel.pictures import TYPES, draw, hints, settings


class Manager(FigureManagerBase):
    """A figure of pyplot."""

    shown = False

    def show(self):
        """Called by Figure.show: one figure is shown, and stays open."""
        publish(self.canvas.figure)
        self.shown = True
        self.canvas.figure.stale = False  # until it is changed again

    @classmethod
    def pyplot_show(cls, *, block=None):
        show()


class Canvas(FigureCanvasAgg):
    """Draws into memory."""

    manager_class = Manager


FigureCanvas = Canvas
FigureManager = Manager


def show(*args, **kwargs):
    """Shows all open figures and closes them. It never blocks."""
    try:
        for manager in Gcf.get_all_fig_managers():
            publish(manager.canvas.figure)
    finally:
        close_all()


def close_all():
    if Gcf.get_all_fig_managers():
        Gcf.destroy_all()


def flush():
    """At the end of a cell: shows what is still open, but not what has not changed since it was shown
    by Figure.show, and nothing that is empty, as figures are that failed half-way."""
    try:
        for manager in Gcf.get_all_fig_managers():
            figure = manager.canvas.figure
            if has_content(figure) and (figure.stale or not manager.shown):
                publish(figure)
    finally:
        close_all()


def has_content(figure):
    return bool(figure.axes or figure.lines or figure.texts or figure.images or figure.patches or figure.legends)


def publish(figure):
    data = {"text/plain": repr(figure), TYPES[settings["format"]]: draw(figure, settings["format"])}
    publish_display_data(data, hints(figure))
