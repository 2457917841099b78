"""Runs source text in __main__, and reads and sets names there."""

import builtins
import importlib
import itertools
import sys

KEPT_CODES = 256  # compiled expressions, for those that are evaluated again and again
KEPT_SOURCES = 1000  # texts for tracebacks

codes = {}
sources = {}
counter = itertools.count(1)


def main():
    return sys.modules["__main__"].__dict__


def remember(source, filename):
    """Makes the text known to tracebacks, and gives it a name if it has none."""
    if filename is None:
        filename = f"<python {next(counter)}>"
    sources[filename] = source
    linecache = sys.modules.get("linecache")
    if linecache is not None:
        register(linecache, filename, source)
    if len(sources) > KEPT_SOURCES:  # other threads may be here, too
        for oldest in list(sources)[: -KEPT_SOURCES // 2]:
            sources.pop(oldest, None)
            if linecache is not None:
                linecache.cache.pop(oldest, None)
    return filename


def register(linecache, filename, source):
    # No modification time: checkcache leaves such entries alone.
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)


def register_all(linecache):
    """Called when linecache is imported, which is not done for its own sake: it takes 3 ms."""
    for filename, source in list(sources.items()):
        register(linecache, filename, source)


def evaluate(source):
    code = codes.get(source)
    if code is None:
        text = source.strip()
        code = keep(source, compile(text, remember(text, None), "eval", dont_inherit=True))
    return eval(code, main())


def evaluate_with(source, names):
    """An expression with names of its own. As the parameters of a function they are seen by what is
    nested in it, too."""
    key = (source, *names)
    code = codes.get(key)
    if code is None:
        text = f"lambda {', '.join(names)}: (\n{source}\n)"
        code = keep(key, compile(text, remember(text, None), "eval", dont_inherit=True))
    return eval(code, main())(**names)


def keep(key, code):
    if len(codes) >= KEPT_CODES:  # as in remember, no iterator: other threads change the dict
        codes.pop(list(codes)[0], None)
    codes[key] = code
    return code


# Calls a function from __main__.
from_main = eval(
    compile(
        "lambda function, /, *arguments, **keywords: function(*arguments, **keywords)",
        "<gopy_kernel>/from_main.py",
        "eval",
    ),
    main(),
)


def reset():
    """Takes all names out of __main__ but those that every module has."""
    names = main()
    for name in list(names):
        if not (name.startswith("__") and name.endswith("__")):
            del names[name]
    names.pop("__annotations__", None)


def execute(source, filename=None):
    exec(compile(source, remember(source, filename), "exec", dont_inherit=True), main())


def run_cell(source, filename=None):
    """Runs statements; the value is that of the last one, if it is an expression without a ;"""
    import ast

    filename = remember(source, filename)
    tree = compile(source, filename, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, filename, "exec", dont_inherit=True), main())
    if last is None:
        return None
    return eval(compile(last, filename, "eval", dont_inherit=True), main())


def lookup(path):
    """The value of a name in __main__ or of a built-in, with attributes after dots; else what is in a
    module, whose name stands before the dots."""
    return follow(path.split("."), "." in path)


def follow(names, into_modules):
    name, *rest = names
    namespace = main()
    if name in namespace:
        value = namespace[name]
    elif hasattr(builtins, name):
        value = getattr(builtins, name)
    elif into_modules:
        value, rest = module(name, rest)
    else:
        raise NameError(f"name {name!r} is not defined")
    for name in rest:
        value = getattr(value, name)
    return value


def module(name, rest):
    """The module that a path begins with, and the rest of the path."""
    from importlib.util import find_spec

    if find_spec(name) is None:
        raise NameError(f"name {name!r} is not defined")
    found = importlib.import_module(name)
    while rest and not hasattr(found, rest[0]) and hasattr(found, "__path__"):
        name += "." + rest[0]
        found, rest = importlib.import_module(name), rest[1:]
    return found, rest


def assign(path, value):
    *owner, name = path.split(".")
    if owner:
        setattr(follow(owner, True), name, value)
    else:
        main()[name] = value
