"""Figures of matplotlib as pictures."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg

# How figures are made into pictures; settings for those who want others.
settings = {"format": "png", "dpi": None, "bbox_inches": "tight"}

TYPES = {"png": "image/png", "svg": "image/svg+xml", "jpeg": "image/jpeg", "jpg": "image/jpeg", "pdf": "application/pdf"}


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
