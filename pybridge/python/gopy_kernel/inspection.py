"""What there is to know about an object, found without running its code where that is possible."""

import functools
import inspect
import sys


def there(function):
    """Objects of another process are asked there."""

    @functools.wraps(function)
    def ask(obj, *args):
        remote = sys.modules.get("gopy_kernel.remote")
        if remote is None or not isinstance(obj, remote.Remote):
            return function(obj, *args)
        answer = obj._connection.request("ask", obj, function.__name__, *args)
        return remote.fetch(answer) if isinstance(answer, remote.Remote) else answer

    return ask


@there
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


@there
def methods(obj):
    return [name for name in names(obj) if is_method(obj, name)]


@there
def attributes(obj):
    return [name for name in names(obj) if not is_method(obj, name)]


@there
def doc(obj):
    return inspect.getdoc(obj) or ""


@there
def signature(obj):
    try:
        return str(inspect.signature(obj))
    except (TypeError, ValueError):
        return ""


@there
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
