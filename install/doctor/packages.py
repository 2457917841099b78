# Says which of the packages named as arguments can be imported, and their versions, as one line of
# JSON after a marker, since packages may print when they are imported.
import importlib
import json
import sys


def examine(name):
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        return {} if error.name == name else {"error": str(error)}
    except Exception as error:
        return {"error": str(error).strip().split("\n")[0] or type(error).__name__}
    return {"version": getattr(module, "__version__", "unknown version")}


print("\ngopy-doctor:" + json.dumps({name: examine(name) for name in sys.argv[1:]}))
