"""Processes that Python starts from a cell run the environment's own Python, not the kernel."""

import sys
from pathlib import Path

import pytest

import kernels

# What a child says of itself, as an expression that any process can evaluate.
WHO = "(__import__('sys').executable, __import__('sys').prefix, __import__('os').getpid())"

POOLS = {
    "ProcessPoolExecutor": """
import concurrent.futures
with concurrent.futures.ProcessPoolExecutor(2) as pool:
    said = list(pool.map(eval, [who] * 4))
    total = sum(pool.map(abs, range(-100, 0)))
""",
    "ProcessPoolExecutor, spawn": """
import concurrent.futures, multiprocessing
with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
    said = list(pool.map(eval, [who] * 4))
    total = sum(pool.map(abs, range(-100, 0), chunksize=10))
""",
    "multiprocessing, spawn": """
import multiprocessing
with multiprocessing.get_context("spawn").Pool(2) as pool:
    said = pool.map(eval, [who] * 4)
    total = sum(pool.map(abs, range(-100, 0)))
""",
    "multiprocessing, forkserver": """
import multiprocessing
with multiprocessing.get_context("forkserver").Pool(2) as pool:
    said = pool.map(eval, [who] * 4)
    total = sum(pool.map(abs, range(-100, 0)))
""",
    "joblib, loky": """
from joblib import Parallel, delayed
said = Parallel(n_jobs=2, backend="loky")(delayed(eval)(who) for _ in range(4))
total = sum(Parallel(n_jobs=2, backend="loky")(delayed(abs)(-i) for i in range(1, 101)))
""",
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel whose Python is the environment of the tests, which has joblib."""
    with kernels.started(tmp_path_factory.mktemp("kernel"), env={"GOPY_PYTHON": sys.executable}) as k:
        k.ok("kept := 41")
        yield k


@pytest.mark.parametrize("name", POOLS)
def test_pools_run_the_real_python(kernel, name):
    worker = kernel.worker()
    kernel.ok(f'py.Set("who", "{WHO}")\npy.Exec(`{POOLS[name]}`)')
    assert kernel.ok('py.As[int](py.Get("total"))').result == "5050"
    said = kernel.ok('for _, who := range py.As[[][]any](py.Get("said")) { fmt.Println(who[0], "|", who[1], "|", who[2]) }').stdout
    children = [line.split(" | ") for line in said.splitlines()]
    assert len(children) == 4
    for executable, prefix, pid in children:
        assert Path(executable).resolve() == Path(sys.executable).resolve()
        assert prefix == sys.prefix
        assert int(pid) != worker.pid
    assert kernel.worker() == worker, "the worker lives on"
    assert kernel.ok("kept + 1").result == "42"


def test_what_goes_to_another_process(kernel):
    """Arrays over Go's memory go as copies; Go functions do not go at all, which is said."""
    kernel.ok("""
py.Exec(`
import concurrent.futures, multiprocessing, numpy
pool = concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
`)
numbers := []float64{1, 2, 3.5}
py.Set("numbers", numbers)
py.Set("double", func(x float64) float64 { return 2 * x })
""")
    total = kernel.ok('py.As[float64](py.Eval("float(pool.submit(numpy.add.reduce, numbers).result())"))')
    assert total.result == "6.5"
    refused = kernel.fails('py.Eval("pool.submit(map, double, [1]).result()")')
    assert "pickle" in refused.error
    kernel.ok('py.Exec("pool.shutdown()")')


def test_no_process_is_left(tmp_path):
    """loky keeps its processes for later calls; they end with the kernel."""
    with kernels.started(tmp_path, env={"GOPY_PYTHON": sys.executable}) as kernel:
        kernel.ok("py.Exec(`\nfrom joblib import Parallel, delayed\nParallel(n_jobs=2)(delayed(abs)(i) for i in range(4))\n`)")
        processes = kernel.processes()
        assert len(processes) > 3, "the front, the worker, and two of loky's"
        kernel.client.shutdown()
        assert not kernels.gone(processes)
