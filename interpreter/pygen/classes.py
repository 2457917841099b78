# What the instances of a class have, and of which class results are. This stands before introspect.py in one script.
import builtins
import functools
import inspect
import sys
import types
import typing

UNKNOWN = object()

# Everything has the members of these, or they are there to be raised.
PLAIN = {n for base in (object, BaseException) for n in dir(base)}

# What the standard library does not say of itself. Its functions have no annotations, and no files of stubs.
RESULTS = {
    "re": {
        "Match": "match search fullmatch Pattern.match Pattern.search Pattern.fullmatch",
        "Pattern": "compile",
    },
    "datetime": {
        "date": "date.today date.fromisoformat date.fromordinal date.fromtimestamp date.fromisocalendar "
        "date.replace datetime.date",
        "datetime": "datetime.now datetime.utcnow datetime.today datetime.strptime datetime.combine "
        "datetime.fromisoformat datetime.fromordinal datetime.fromtimestamp datetime.utcfromtimestamp "
        "datetime.fromisocalendar datetime.replace datetime.astimezone",
        "time": "datetime.time datetime.timetz time.replace time.fromisoformat",
    },
}


class Unknown:
    """Stands for a name in an annotation that nobody knows: it is imported for type-checkers alone."""

    def anything(self, *_):
        return self

    __or__ = __ror__ = __getitem__ = __getattr__ = anything


class Names(dict):
    """The names that an annotation may use: those of the function's module, and the classes of the module asked for."""

    def __init__(self, scope, classes, owner):
        super().__init__({c.__name__: c for c in classes})
        self.update(scope)
        if owner:
            self["Self"] = owner

    def __missing__(self, name):
        if hasattr(builtins, name):
            raise KeyError(name)  # eval looks there itself
        return Unknown()


class Classes:
    """The classes that a module has, each by its name there."""

    def __init__(self, module, named):
        self.module, self.names, self.stubs = module, {}, Stubs()
        for name, value in named:
            if inspect.isclass(value) and (value not in self.names or value.__name__ == name):
                self.names[value] = name

    def result(self, value, returns, owner, name):
        """The name of the class that a callable's result is of, or "". It may be None as well."""
        told = self.told(name, owner)
        if told:
            return told
        try:
            value = inspect.unwrap(value)
        except ValueError:  # a ring
            pass
        value = getattr(value, "__func__", value)
        return self.only(self.meant(returns, getattr(value, "__globals__", {}), owner))

    def only(self, meant):
        """The name of the one class among what an annotation allows."""
        meant = meant - {None}
        return self.names.get(meant.pop(), "") if len(meant) == 1 else ""

    def told(self, name, owner):
        """The name of the class that is a result by the list above, or by the stubs of the module that has it."""
        path = owner.__name__ + "." + name if owner else name
        for result, paths in RESULTS.get(self.module, {}).items():
            if path in paths.split():
                return result
        module = self.module
        if owner:
            base = next((b for b in owner.__mro__ if name in vars(b)), owner)
            module, path = base.__module__, base.__name__ + "." + name
        stubbed = {owner.__name__ if owner and n == "Self" else n for n in self.stubs.results(module, path)}
        name = stubbed.pop() if len(stubbed) == 1 else ""
        return next((n for c, n in self.names.items() if c.__name__ == name), "")

    def of(self, value):
        return self.names.get(type(value), "")

    def meant(self, annotation, scope, owner):
        """All classes that an annotation allows, None for what is None, and UNKNOWN."""
        if isinstance(annotation, typing.ForwardRef):
            annotation = annotation.__forward_arg__
        if isinstance(annotation, str):
            try:
                annotation = eval(annotation, {}, Names(scope, self.names, owner))
            except Exception:
                return {UNKNOWN}
        if annotation is None or annotation is type(None):
            return {None}
        if owner and getattr(annotation, "__name__", None) == "Self" and not inspect.isclass(annotation):
            return {owner}
        origin = typing.get_origin(annotation)
        if origin in (typing.Union, getattr(types, "UnionType", UNKNOWN)):
            return set().union(*(self.meant(a, scope, owner) for a in typing.get_args(annotation)))
        return {origin or annotation} if inspect.isclass(origin or annotation) else {UNKNOWN}


def instance_members(owner, classes):
    """What an instance of a class has: methods, and attributes of which the class knows."""
    fields = {n: t for base in reversed(owner.__mro__) for n, t in vars(base).get("__annotations__", {}).items()}
    for name in sorted({*dir(owner), *fields} - PLAIN):
        if name.startswith("_"):
            continue
        base = next((b for b in owner.__mro__ if name in vars(b)), None)
        if base is None and name not in fields:
            continue  # of the class of the class
        value = vars(base)[name] if base else UNKNOWN
        if isinstance(value, STATICS) or inspect.isclass(value) or owner in type(value).__mro__:
            continue  # it stands behind the name of the class
        if is_method(value):
            yield method(value, name, owner, classes)
        else:
            yield attribute(value, name, owner, classes, fields.get(name))


def is_method(value):
    if isinstance(value, (property, functools.cached_property)) or inspect.isdatadescriptor(value):
        return False
    return callable(value) and hasattr(value, "__get__")


def method(value, name, owner, classes):
    said = describe(value, name, classes, owner)
    if said.get("signature") and said["parameters"]:
        del said["parameters"][0]  # self
        if said["parameters"][:1] == ["/"]:
            del said["parameters"][0]
    return dict(said, name=name, kind="function", own=True)


def attribute(value, name, owner, classes, annotation):
    said = {"name": name, "kind": "value", "own": True, "result": classes.told(name, owner)}
    getter = getattr(value, "fget", None) or getattr(value, "func", None)
    doc = getattr(value, "__doc__", None)
    if isinstance(doc, str) and doc != type(value).__doc__:
        said["doc"] = inspect.cleandoc(doc)
    if inspect.isfunction(getter):
        annotation = getter.__annotations__.get("return", annotation)
    if annotation is not None:
        said["type"] = short(annotation if isinstance(annotation, str) else inspect.formatannotation(annotation), 200)
        scope = getattr(getter, "__globals__", vars(sys.modules.get(owner.__module__, builtins)))
        said["result"] = said["result"] or classes.only(classes.meant(annotation, scope, owner))
    elif value is not UNKNOWN and not hasattr(value, "__get__"):
        said.update(describe_value(value), result=classes.of(value))
    return said
