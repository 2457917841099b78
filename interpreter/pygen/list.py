# Says as JSON which modules Python finds in a package, or, without an argument, all that stand alone. Nothing is imported.
import importlib.machinery
import json
import pkgutil
import sys


def folders(package):
    """Where the modules of a package are."""
    paths, name = None, ""
    for part in package.split("."):
        name = name + "." + part if name else part
        spec = importlib.machinery.PathFinder.find_spec(name, paths)
        if spec is None or spec.submodule_search_locations is None:
            return []
        paths = list(spec.submodule_search_locations)
    return paths


def main():
    names = set()
    if len(sys.argv) > 1:
        found = pkgutil.iter_modules(folders(sys.argv[1]))
    else:
        found = pkgutil.iter_modules()
        names.update(getattr(sys, "stdlib_module_names", sys.builtin_module_names))
    names.update(m.name for m in found)
    print(json.dumps(sorted(n for n in names if n.isidentifier() and not n.startswith("_"))))


main()
