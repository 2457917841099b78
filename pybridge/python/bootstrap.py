"""The first Python code that the bridge runs: makes the package gopy_kernel importable.

Its files are in the memory of the program, not on disk. They are imported like any others, have
their source in tracebacks, and can be reloaded.
"""

import sys
from importlib.machinery import ModuleSpec


class Loader:
    """Finds and loads the modules whose sources Go handed over."""

    def __init__(self, sources):
        self.sources = sources

    def find_spec(self, name, path=None, target=None):
        if name not in self.sources:
            return None
        spec = ModuleSpec(name, self, origin=self.filename(name), is_package=self.is_package(name))
        spec.has_location = True
        return spec

    def filename(self, name):
        if self.is_package(name):
            return f"<gopy_kernel>/{name}/__init__.py"
        return f"<gopy_kernel>/{name.replace('.', '/')}.py"

    def is_package(self, name):
        return any(other.startswith(name + ".") for other in self.sources)

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        name = module.__name__
        code = compile(self.sources[name], self.filename(name), "exec", dont_inherit=True)
        exec(code, module.__dict__)

    def get_source(self, name):
        return self.sources[name]


sys.meta_path.insert(0, Loader(sources))  # noqa: F821 - given by Go
