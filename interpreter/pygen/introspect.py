# Says as JSON what a Python module offers: its callables with their parameters and docstrings, its classes with
# what their instances have, its other attributes and its submodules. Called with the module's name. It runs in any Python from 3.9 on, and
# says the same of the same module each time.
import enum
import importlib
import importlib.metadata
import importlib.util
import inspect
import json
import os
import re
import sys
import traceback
import types
import typing
import warnings

MISSING = object()
STATICS = (classmethod, staticmethod, types.ClassMethodDescriptorType, types.BuiltinFunctionType)
SCALARS = (bool, int, float, complex, str, bytes, type(None))


class Bare:
    """Text that stands in a signature as it is."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def short(text, most=80):
    """One line, without what differs from one run to the next."""
    text = re.sub(r" at 0x[0-9A-Fa-f]+", "", " ".join(text.split()))
    return text if len(text) <= most else text[: most - 1] + "…"


def text_of(value):
    if type(value) in (set, frozenset) and value:  # their order is another one in each process
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    return repr(value)


def parameter(p):
    if p.default is not p.empty:
        p = p.replace(default=Bare(short(text_of(p.default))))
    if isinstance(p.annotation, str):
        p = p.replace(annotation=Bare(p.annotation))
    return short(str(p), 400)


def parameters(signature):
    """The parameters as Python writes them, with the / and * between their kinds."""
    texts, kinds = [], []
    for p in signature.parameters.values():
        if p.kind != p.POSITIONAL_ONLY and kinds and kinds[-1] == p.POSITIONAL_ONLY:
            texts.append("/")
        if p.kind == p.KEYWORD_ONLY and not {p.KEYWORD_ONLY, p.VAR_POSITIONAL} & set(kinds):
            texts.append("*")
        texts.append(parameter(p))
        kinds.append(p.kind)
    if kinds and kinds[-1] == inspect.Parameter.POSITIONAL_ONLY:
        texts.append("/")
    return texts


def returns(signature):
    annotation = signature.return_annotation
    if annotation is signature.empty:
        return ""
    return short(annotation if isinstance(annotation, str) else inspect.formatannotation(annotation), 400)


def describe(value, name, classes, owner=None):
    """What is said about a callable. Many in C have their signature in the docstring alone."""
    doc = getattr(value, "__doc__", None)
    doc = inspect.cleandoc(doc) if isinstance(doc, str) else ""
    lines = doc.split("\n")
    usage = []
    while lines and (lines[0].startswith(name + "(") or usage and lines[0].startswith(" ")):
        usage.append(lines.pop(0).strip())
    said = {"doc": "\n".join(lines).strip("\n"), "async": inspect.iscoroutinefunction(value)}
    try:
        signature = inspect.signature(value)
        said.update(signature=True, parameters=parameters(signature), returns=returns(signature))
        annotation = signature.return_annotation
    except Exception:  # ValueError as a rule, but decorators and metaclasses raise what they like
        said["usage"], annotation = usage, inspect.Signature.empty
    if not inspect.isclass(value) and not said["async"]:
        said["result"] = classes.result(value, annotation, owner, name)
    return said


def describe_value(value):
    kind = type(value)
    name = kind.__qualname__
    if kind.__module__ != "builtins":
        name = kind.__module__ + "." + name
    return {"type": name, "value": short(repr(value)) if isinstance(value, SCALARS) else ""}


def top(name):
    return name.partition(".")[0] if isinstance(name, str) else ""


def is_noise(value):
    """What modules import to write annotations."""
    if isinstance(value, type(importlib.import_module("__future__").annotations)):
        return True
    name = getattr(value, "__name__", None) or getattr(value, "_name", None)
    return isinstance(name, str) and getattr(typing, name, MISSING) is value


def is_offered(module, value, declares):
    """Whether a public name that __all__ does not have is for the module's users."""
    if isinstance(value, types.ModuleType):
        return value.__name__.startswith(module.__name__ + ".")
    if value is typing.TYPE_CHECKING or is_noise(value):
        return False
    if not declares:
        return True
    # What is wrapped Fortran does not say where it is from.
    return callable(value) and top(getattr(value, "__module__", None)) in ("", top(module.__name__))


def is_below(origin, name):
    """Whether what comes from one module is what another is for. Modules hide parts of theirs in others."""
    return origin is None or origin in (name, "_" + name) or isinstance(origin, str) and origin.startswith(name + ".")


def member(module, name, value, declared, classes):
    said = {"name": name}
    if isinstance(value, types.ModuleType):
        below = module.__name__ + "." + name
        known = sys.modules.get(below) is value
        said.update(kind="module", module=below if known else value.__name__, own=value.__name__ == below)
    elif callable(value):
        own = declared or is_below(getattr(value, "__module__", None), module.__name__)
        said.update(kind="class" if inspect.isclass(value) else "function", own=own)
        said.update(describe(value, name, classes))
        if inspect.isclass(value) and classes.names[value] == name:
            said["members"] = list(instance_members(value, classes))
        elif inspect.isclass(value):
            said["alias"] = classes.names[value]
    else:
        said.update(kind="value", own=True, result=classes.of(value), **describe_value(value))
    return said


def static_members(owner, classes):
    """What a class has for those who have no instance of it: class methods, static methods, ready-made instances."""
    listed = set(getattr(owner, "__members__", ())) if issubclass(owner, enum.Enum) else set()
    for name in sorted(listed | {n for n in dir(owner) if not n.startswith("_")}):
        base = next((b for b in owner.__mro__ if name in vars(b)), owner)
        if top(base.__module__) != top(owner.__module__):
            continue  # of a class of another package, such as Exception.with_traceback
        static = vars(base).get(name)
        called = isinstance(static, STATICS)
        if not called and name not in listed and owner not in type(static).__mro__:
            continue
        value = getattr(owner, name)
        if called and callable(value):
            yield dict(describe(value, name, classes, owner), name=name, kind="function", own=True)
        elif not called:
            yield dict(describe_value(value), name=name, kind="value", own=True, result=classes.of(value))


def members(module):
    declared = getattr(module, "__all__", None)
    declared = {n for n in declared if isinstance(n, str)} if declared is not None else set()
    names = declared | {n for n in dir(module) if not n.startswith("_")}
    offered, found, skipped = [], [], []

    def passed_over(name, e):  # names that are loaded late, or exist to say that they are gone
        skipped.append({"name": name, "reason": short(f"{type(e).__name__}: {e}", 200)})

    for name in sorted(names):
        try:
            value = getattr(module, name)
            if name in declared or is_offered(module, value, bool(declared)):
                offered.append((name, value))
        except Exception as e:
            passed_over(name, e)
    classes = Classes(module.__name__, offered)
    for name, value in offered:
        try:
            described = member(module, name, value, name in declared, classes)
            statics = []
            if described["kind"] == "class" and value.__name__ == name and is_below(value.__module__, module.__name__):
                statics = [dict(s, of=name) for s in static_members(value, classes)]
        except Exception as e:
            passed_over(name, e)
            continue
        found.append(described)
        found.extend(statics)
    return found, skipped


def distribution(name):
    try:
        return importlib.metadata.distribution(top(name))
    except Exception:
        return None


def version(module, found):
    for m in (module, sys.modules.get(top(module.__name__))):
        v = getattr(m, "__version__", None)
        if isinstance(v, str):
            return v
    if found is not None:
        return found.version
    if top(module.__name__) in getattr(sys, "stdlib_module_names", sys.builtin_module_names):
        return "%d.%d.%d" % sys.version_info[:3]
    return ""


def files(name, found):
    """The files that the answer depends on."""
    paths = set()
    for loaded, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if top(loaded) == top(name) and isinstance(path, str):
            paths.add(os.path.abspath(path))
    metadata = getattr(found, "_path", None)
    if metadata is not None:  # it has the version in its name
        paths.add(os.path.abspath(str(metadata)))
    return sorted(paths)


def failure(name, error):
    said = {"error": short(f"{type(error).__name__}: {error}", 400)}
    if isinstance(error, ModuleNotFoundError) and isinstance(error.name, str):
        said["missing"] = error.name
        said["absent"] = (name + ".").startswith(error.name + ".")
    if not said.get("absent"):
        said["traceback"] = "".join(traceback.format_exception(type(error), error, error.__traceback__)[-3:])
    said["pip"] = importlib.util.find_spec("pip") is not None
    return said


def answer(name):
    warnings.simplefilter("ignore")
    try:
        module = importlib.import_module(name)
    except BaseException as e:  # SystemExit too: a module may be a program
        return failure(name, e)
    found = distribution(name)
    offered, skipped = members(module)
    doc = module.__doc__ if isinstance(module.__doc__, str) else ""
    return {
        "name": name,
        "version": version(module, found),
        "doc": inspect.cleandoc(doc),
        "package": hasattr(module, "__path__"),
        "members": offered,
        "skipped": skipped,
        "files": files(name, found),
    }


def main():
    # What the module prints when it is imported is not part of the answer.
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    json.dump(answer(sys.argv[1]), out)
    out.flush()
    os._exit(0)  # threads and clean-ups of the module are none of ours


main()
