"""What there is to know about an object, found without running its code where that is possible."""

import inspect


def names(obj):
    return [str(name) for name in dir(obj)]


def static(obj, name):
    """An attribute as it is stored: a property is not evaluated."""
    try:
        return inspect.getattr_static(obj, name)
    except AttributeError:
        return None  # made on demand, as by a module's __getattr__


def is_method(obj, name):
    value = static(obj, name)
    if isinstance(value, (staticmethod, classmethod)):
        return True
    return callable(value) and not isinstance(value, property)


def methods(obj):
    return [name for name in names(obj) if is_method(obj, name)]


def attributes(obj):
    return [name for name in names(obj) if not is_method(obj, name)]


def doc(obj):
    return inspect.getdoc(obj) or ""


def signature(obj):
    try:
        return str(inspect.signature(obj))
    except (TypeError, ValueError):
        return ""


def help_text(obj):
    import pydoc

    return pydoc.plain(pydoc.render_doc(obj, title="Help on %s"))


def features():
    import sysconfig

    try:
        import numpy

        version = numpy.__version__
    except ImportError:
        version = ""
    return {
        "numpy": version,
        "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "packages": sysconfig.get_path("purelib"),
    }
