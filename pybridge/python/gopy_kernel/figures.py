"""A matplotlib backend for notebooks: a figure is shown as a picture, by plt.show() or when the cell
ends, and closed.

matplotlib takes this module by its name, module://gopy_kernel.figures, from MPLBACKEND. What it looks
for in a backend module are FigureCanvas, FigureManager and show.
"""

import io

from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_agg import FigureCanvasAgg

from gopy_kernel.output import publish_display_data

# How figures are made into pictures; settings for those who want others.
settings = {"format": "png", "dpi": None, "bbox_inches": "tight"}

TYPES = {"png": "image/png", "svg": "image/svg+xml", "jpeg": "image/jpeg", "jpg": "image/jpeg", "pdf": "application/pdf"}


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


def png(figure):
    return draw(figure, "png")


def draw(figure, format):
    if figure.canvas is None or not isinstance(figure.canvas, FigureCanvasAgg):
        FigureCanvasAgg(figure)  # one of another backend may need a screen
    out = io.BytesIO()
    figure.canvas.print_figure(
        out,
        format=format,
        dpi=settings["dpi"] or figure.dpi,
        bbox_inches=settings["bbox_inches"],
        facecolor=figure.get_facecolor(),
        edgecolor=figure.get_edgecolor(),
    )
    data = out.getvalue()
    return data.decode("utf-8") if format == "svg" else data


def hints(figure):
    """A transparent figure with light labels needs a dark background, and the reverse."""
    from matplotlib.colors import to_rgba

    if to_rgba(figure.get_facecolor())[3] >= 0.5:
        return {}
    labels = [
        label.get_color()
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for label in axis.get_ticklabels()
    ]
    light = {luminance(to_rgba(color)) > 0.5 for color in labels}
    if len(light) != 1:
        return {}
    return {"needs_background": "dark" if light.pop() else "light"}


def luminance(rgba):
    red, green, blue, _ = rgba
    return 0.299 * red + 0.587 * green + 0.114 * blue
