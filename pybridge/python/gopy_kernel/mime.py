"""What an object looks like: MIME types to values, by the methods that IPython has made common."""

import sys

# By method; the order is that of the bundle, which nobody may rely on.
METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_pdf_": "application/pdf",
    "_repr_latex_": "text/latex",
    "_repr_json_": "application/json",
    "_repr_javascript_": "application/javascript",
}

BINARY = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


def bundle(obj, include=None, exclude=None):
    """(data, metadata as JSON) for Go."""
    data, metadata = collect(obj, include, exclude)
    return normalise(data), to_json(metadata)


def collect(obj, include=None, exclude=None):
    data, metadata = {}, {}
    if speaks_for_itself(obj):
        for method, mime in METHODS.items():
            add(data, metadata, mime, ask(obj, method))
        whole = ask(obj, "_repr_mimebundle_", include=include, exclude=exclude)
        if isinstance(whole, tuple) and len(whole) == 2:
            whole, hints = whole
            metadata.update(hints or {})
        if isinstance(whole, dict):
            data.update(whole)
    figure = as_figure(obj)
    if figure:
        data.setdefault("image/png", figure)
    if not isinstance(data.get("text/plain"), str):
        data["text/plain"] = plain(obj)
    return data, metadata


def add(data, metadata, mime, value):
    """Adds what a method returned: a value, a pair with metadata, or None for nothing."""
    if isinstance(value, tuple) and len(value) == 2 and isinstance(value[1], dict):
        value, hints = value
        metadata[mime] = hints
    if value is not None:
        data[mime] = value


def speaks_for_itself(obj):
    """False for classes, whose methods want an instance, and for objects that answer to any name."""
    if isinstance(obj, type):
        return False
    try:
        return not callable(getattr(obj, "_ipython_canary_method_should_not_exist_", None))
    except Exception:
        return False


def ask(obj, method, **arguments):
    """What a method says; None if there is none, or if it fails, which is reported and not fatal."""
    try:
        function = getattr(obj, method, None)
    except Exception:
        return None
    if not callable(function):
        return None
    try:
        return function(**arguments)
    except NotImplementedError:
        return None
    except Exception:
        import traceback

        traceback.print_exc()
        return None


def as_figure(obj):
    """A matplotlib figure has no method of its own: the front end draws it."""
    module = sys.modules.get("matplotlib.figure")
    if module is None or not isinstance(obj, module.Figure):
        return None
    from gopy_kernel import pictures

    return pictures.draw(obj, "png")


def plain(obj):
    try:
        return repr(obj)
    except Exception as e:
        return f"<{type(obj).__qualname__} whose repr() raised {type(e).__qualname__}: {e}>"


def normalise(data):
    return {str(mime): value_of(str(mime), value) for mime, value in data.items()}


def value_of(mime, value):
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value) if mime in BINARY else bytes(value).decode("utf-8", "replace")
    if isinstance(value, str):
        return decoded(value) if mime in BINARY else str(value)
    return (to_json(value),)  # a tuple: this is JSON


def decoded(text):
    """Many libraries return images in base64 already."""
    import base64

    try:
        return base64.b64decode(text, validate=False)
    except ValueError:
        return text


def to_json(value):
    import json

    return json.dumps(value, default=str)
