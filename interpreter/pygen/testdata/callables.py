# Says as JSON, for each module that is named, which public callables Python lists: the name, the module that its
# value says it is from, and whether __all__ has the name. It shares nothing with what it is compared with.
import importlib
import inspect
import json
import sys
import warnings

warnings.simplefilter("ignore")


def listed(name):
    module = importlib.import_module(name)
    declared = set(getattr(module, "__all__", ()))
    found = {}
    for attribute in declared.union(dir(module)):
        if attribute in declared or not attribute.startswith("_"):
            try:
                value = inspect.getattr_static(module, attribute)
            except AttributeError:  # names that the module makes when they are asked for
                value = getattr(module, attribute, None)
            if callable(value):
                origin = getattr(value, "__module__", None)
                found[attribute] = {"origin": origin if isinstance(origin, str) else "", "declared": attribute in declared}
    return found


print(json.dumps({name: listed(name) for name in sys.argv[1:]}))
