"""What has to be changed in other modules so that they work inside a Go program.

Nothing is imported for that: a change waits until somebody imports the module.
"""

import os
import sys

changes = {}


def on_import(name):
    """Registers a function that is called with a module once it has been imported."""

    def register(change):
        if name in sys.modules:
            change(sys.modules[name])
        else:
            changes[name] = change
        return change

    return register


class Finder:
    """Finds the modules that wait for a change as if it were not there, and changes their loader."""

    def __init__(self):
        self.looking = set()

    def find_spec(self, name, path=None, target=None):
        if name not in changes or name in self.looking:
            return None
        self.looking.add(name)
        try:
            spec = self.others(name, path, target)
        finally:
            self.looking.discard(name)
        if spec is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = Loader(spec.loader, changes[name])
        return spec

    def others(self, name, path, target):
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return None


class Loader:
    """A module's own loader, and the change after it."""

    def __init__(self, loader, change):
        self.loader = loader
        self.change = change

    def __getattr__(self, name):
        return getattr(self.loader, name)

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        module.__spec__.loader = module.__loader__ = self.loader  # reloading and pickling see the real one
        self.loader.exec_module(module)
        changes.pop(module.__name__, None)
        self.change(module)


def install():
    sys.meta_path.insert(0, Finder())


@on_import("matplotlib")
def matplotlib(module):
    """Figures go to the notebook, unless the user chose a backend. Not by setting MPLBACKEND: child
    processes would inherit it, and they have no gopy_kernel."""
    if not os.environ.get("MPLBACKEND"):
        module.rcParams["backend"] = "module://gopy_kernel.figures"


@on_import("linecache")
def linecache(module):
    from gopy_kernel import running

    running.register_all(module)


@on_import("signal")
def signal(module):
    """Python's handlers must not stay where Go's belong, and in 3.9 they lack a flag that Go needs."""
    import functools

    import _gopy_kernel

    original = module.signal

    @functools.wraps(original)
    def signal(signalnum, handler):
        before = original(signalnum, handler)
        _gopy_kernel.signal_changed(signalnum)
        return before

    module.signal = signal


@on_import("threading")
def threading(module):
    """What a thread prints belongs to what has started it. Those that only _thread knows belong to nothing."""
    import functools

    import _gopy_kernel
    from gopy_kernel.errors import GoExit

    start, begin = module.Thread.start, module.Thread._bootstrap_inner

    @functools.wraps(start)
    def start_for(self):
        self._gopy_kernel_starter = _gopy_kernel.starter()
        return start(self)

    @functools.wraps(begin)
    def begin_for(self):
        _gopy_kernel.print_for(self._gopy_kernel_starter)
        return begin(self)

    module.Thread.start, module.Thread._bootstrap_inner = start_for, begin_for

    original = module.excepthook

    def excepthook(args):
        if not issubclass(args.exc_type, GoExit):
            original(args)

    module.excepthook = excepthook


@on_import("faulthandler")
def faulthandler(module):
    """Its handlers would take SIGSEGV and others away from Go, which turns them into panics."""

    def refused(*args, **kwargs):
        """Not available in a Go program: Go handles these signals."""

    module.enable = refused
    module.register = refused


@on_import("multiprocessing")
def multiprocessing(module):
    """A forked child has Go's memory without Go's threads: start new processes, unless told otherwise."""
    module.set_executable(sys.executable)
    chooser = module.context._default_context
    if hasattr(chooser, "_default_context"):  # set_start_method would forbid the user to call it
        chooser._default_context = module.get_context("spawn")
    else:
        module.set_start_method("spawn")


@on_import("getpass")
def getpass(module):
    from gopy_kernel import streams

    def getpass(prompt="Password: ", stream=None, **kwargs):
        """Asks the user for a line without showing it."""
        sys.stdout.flush()
        return streams.ask(str(prompt), True)

    if streams.ask is not None:
        module.getpass = module.unix_getpass = module.win_getpass = module.fallback_getpass = getpass


@on_import("comm")
def comm(module):
    """Comms go to the page that shows the notebook."""
    from gopy_kernel import output

    if output.tell is not None:
        from gopy_kernel import channel

        channel.replace(module)


@on_import("ipywidgets")
def ipywidgets(module):
    from gopy_kernel import output

    if output.tell is not None:
        from gopy_kernel import channel

        channel.widgets(module)


@on_import("plotly.io")
def plotly(module):
    """Without an IPython shell plotly would open a browser, unless the user says what it should do."""
    if not os.environ.get("PLOTLY_RENDERER"):
        module.renderers.default = "plotly_mimetype+notebook_connected"


@on_import("IPython.core.display_functions")
def ipython_display(module):
    """Without a shell IPython would print objects; its users find the real thing instead."""
    from gopy_kernel import output

    for name in ("display", "update_display", "clear_output", "publish_display_data", "DisplayHandle"):
        if hasattr(module, name):
            setattr(module, name, getattr(output, name))
