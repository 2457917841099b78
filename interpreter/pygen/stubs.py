# What files of stubs say that functions return: numpy and others annotate nothing else. This is part of one script.
import ast
import builtins
import importlib.util
import os

# Names for annotations that stand for a class.
STANDS_FOR = {"NDArray": "ndarray"}


class Stubs:
    """The stubs beside modules, and those that they import from."""

    def __init__(self):
        self.trees = {}

    def results(self, module, path):
        """The names of the classes of which the stubs say that a callable returns them, "" for what is none."""
        if not self.tree(module):
            return set()
        module, found = self.find(module, path.split("."), 0)
        return set().union(*(self.names(module, f.returns) for f in found))

    def tree(self, module):
        """The declarations in the stub of a module, by their names."""
        if module not in self.trees:
            self.trees[module] = declared = {}
            try:
                with open(os.path.splitext(importlib.util.find_spec(module).origin)[0] + ".pyi", encoding="utf-8") as f:
                    body = ast.parse(f.read()).body
            except Exception:  # there is none, or it is for a newer Python
                body = []
            declare(body, declared)
        return self.trees[module]

    def find(self, module, path, depth):
        """The definitions of what a path names, and the module where they stand: all that are overloaded."""
        found = self.tree(module).get(path[0], [])
        if len(found) != 1 or depth > 5:
            return module, [f for f in found if isinstance(f, FUNCTIONS)] if len(path) == 1 else []
        one = found[0]
        if isinstance(one, ast.ImportFrom):
            source = importlib.util.resolve_name("." * one.level + (one.module or ""), package(module))
            name = next(a.name for a in one.names if (a.asname or a.name) == path[0])
            return self.find(source, [name, *path[1:]], depth + 1)
        if isinstance(one, ast.ClassDef) and len(path) == 2:
            members = {}
            declare(one.body, members)
            return module, [f for f in members.get(path[1], []) if isinstance(f, FUNCTIONS)]
        if isinstance(one, ast.AnnAssign) and len(path) == 1:  # a variable of a class that can be called
            callable_class = head(one.annotation.slice) if isinstance(one.annotation, ast.Subscript) else ""
            return self.find(module, [callable_class or "-", "__call__"], depth + 1)
        return module, [one] if isinstance(one, FUNCTIONS) and len(path) == 1 else []

    def names(self, module, annotation):
        """The names of all classes that an annotation allows besides None."""
        if isinstance(annotation, ast.BinOp):
            return self.names(module, annotation.left) | self.names(module, annotation.right)
        if isinstance(annotation, ast.Constant):
            return set() if annotation.value is None else {""}
        return {self.name(module, annotation)}

    def name(self, module, annotation):
        """The name of a class that an annotation means, without its parameters."""
        for _ in range(5):
            name = head(annotation)
            declared = self.tree(module).get(name, [None])[0]
            if isinstance(annotation, ast.Name) and declared is None and hasattr(builtins, name):
                return ""
            annotation = means(declared)
            if annotation is None:
                return STANDS_FOR.get(name, name)
        return ""


FUNCTIONS = (ast.FunctionDef,)


def means(declared):
    """What an alias stands for, or the class that a type variable is bound to."""
    if isinstance(declared, ast.AnnAssign) and head(declared.annotation) == "TypeAlias":
        return declared.value
    if isinstance(declared, ast.Assign) and isinstance(declared.value, ast.Call) and head(declared.value.func) == "TypeVar":
        return next((k.value for k in declared.value.keywords if k.arg == "bound"), None)
    return None


def package(module):
    spec = importlib.util.find_spec(module)
    return module if spec.submodule_search_locations is not None else module.rpartition(".")[0]


def head(annotation):
    """The last name before the brackets."""
    if isinstance(annotation, ast.Subscript):
        annotation = annotation.value
    return getattr(annotation, "attr", getattr(annotation, "id", ""))


def declare(body, declared):
    for d in body:
        if isinstance(d, ast.ImportFrom):
            for a in d.names:
                declared[a.asname or a.name] = [d]
        elif isinstance(d, ast.AnnAssign) and isinstance(d.target, ast.Name):
            declared[d.target.id] = [d]
        elif isinstance(d, ast.Assign) and isinstance(d.targets[0], ast.Name):
            declared[d.targets[0].id] = [d]
        elif hasattr(d, "name"):
            declared.setdefault(d.name, []).append(d)
