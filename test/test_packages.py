"""Python modules as Go packages, from the outside: called, completed and inspected in a kernel."""

import importlib
import inspect

import pytest

import kernels

# For each module: its package's import, what is called and its result, the beginning of a name and what it is completed to,
# and the function of Python that this is.
PACKAGES = {
    "numpy": ('np "py/numpy"', "np.Linspace(0, 1, py.Kw{\"num\": 3})", "array([0. , 0.5, 1. ])", "np.Linsp", "Linspace", "linspace"),
    "pandas": ('pd "py/pandas"', 'pd.ToNumeric([]string{"1", "2"}).Attr("dtype")', "dtype('int64')", "pd.ReadCs", "ReadCsv", "read_csv"),
    "matplotlib.pyplot": ('plt "py/matplotlib/pyplot"', "py.As[int](py.Get(\"len\").Call(plt.Plot([]int{1, 4})))", "1", "plt.Subpl", "Subplots", "subplots"),
    "math": ('"py/math"', "math.Comb(5, 2)", "10", "math.Hyp", "Hypot", "hypot"),
    "json": ('"py/json"', "json.Dumps([]any{1, nil})", "'[1, null]'", "json.Loa", "Loads", "loads"),
    "re": ('"py/re"', 're.Sub("l+", "L", "hello")', "'heLo'", "re.Finda", "Findall", "findall"),
    "datetime": ('dt "py/datetime"', 'dt.DateFromisoformat("2024-02-29")', "datetime.date(2024, 2, 29)", "dt.Dateti", "DatetimeNow", None),
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    with kernels.started(tmp_path_factory.mktemp("kernel")) as k:
        yield k


@pytest.mark.parametrize("name", PACKAGES)
def test_a_package(kernel, name):
    spec, call, result, begun, completed, function = PACKAGES[name]
    cell = kernel.ok(f"import {spec}\n{call}", timeout=3 * kernels.PATIENCE)
    assert cell.result == result

    answer = kernel.client.complete(begun, reply=True, timeout=kernels.PATIENCE)
    matches = [m.rpartition(".")[2] for m in answer["content"]["matches"]]
    assert completed in matches
    if function is None:
        return
    python = getattr(importlib.import_module(name), function)
    expression = begun.partition(".")[0] + "." + completed
    answer = kernel.client.inspect(expression, cursor_pos=len(expression), reply=True, timeout=kernels.PATIENCE)
    assert answer["content"]["found"]
    text = words(kernels.plain(answer["content"]["data"]["text/plain"]))
    assert f"{name}.{function}" in text
    lines = inspect.getdoc(python).splitlines()
    sentence = next(line for line in lines if line and not line.startswith(function + "("))
    assert " ".join(words(sentence).split()[:4]) in text, "the documentation is Python's"


def words(text):
    """Text without line breaks and the marks of code, which Go's documentation has its own for."""
    return " ".join(text.translate(dict.fromkeys(map(ord, "`“”"))).split())
