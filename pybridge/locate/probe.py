# Says what an interpreter is, as one line of JSON after a marker. It runs in any Python, also in
# those that are too old for the bridge, so that they can be refused by their version.
import json
import sys
import sysconfig


def variable(name):
    value = sysconfig.get_config_var(name)
    return value if value is None or isinstance(value, str) else str(value)


print(
    "gopy-probe:"
    + json.dumps(
        {
            "implementation": getattr(getattr(sys, "implementation", None), "name", "cpython"),
            "version": list(sys.version_info[:3]),
            "executable": sys.executable,
            "base_executable": getattr(sys, "_base_executable", None) or sys.executable,
            "prefix": sys.prefix,
            "base_prefix": getattr(sys, "base_prefix", sys.prefix),
            "abiflags": getattr(sys, "abiflags", ""),
            "maxsize": sys.maxsize,
            "libdir": variable("LIBDIR"),
            "libpl": variable("LIBPL"),
            "multiarch": variable("MULTIARCH"),
            "soname": variable("INSTSONAME"),
            "ldlibrary": variable("LDLIBRARY"),
            "framework": variable("PYTHONFRAMEWORKPREFIX"),
            "free_threaded": variable("Py_GIL_DISABLED") == "1",
        }
    )
)
