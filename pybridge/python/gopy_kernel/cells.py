"""Cells that are Python as a whole."""

import ast

from gopy_kernel import running


def run(source):
    """Runs the statements in the namespace that Exec and Eval use, and returns the value of the last
    one if it is an expression. A semicolon behind it hides the value, as in IPython."""
    name = running.remember(source, None)
    tree = ast.parse(source, name)
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = ast.Expression(tree.body.pop().value)
    exec(compile(tree, name, "exec", dont_inherit=True), running.main())
    if last is None:
        return None
    value = eval(compile(last, name, "eval", dont_inherit=True), running.main())
    return None if source.rstrip().endswith(";") else value
