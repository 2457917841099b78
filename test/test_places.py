"""Folders whose names need care, from the program to the notebook, and the second run in them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kernels

MODULE = {
    "go.mod": "module example.com/notebook\n\ngo 1.26\n",
    "shapes/shapes.go": 'package shapes\n\n// Name is a name.\nfunc Name() string { return "square" }\n',
    "gadgets.py": '"""Gadgets."""\n\n\ndef turn_on(gadget):\n    return f"{gadget} is on"\n',
}

# A workspace is made, which takes a while where much else runs.
pytestmark = pytest.mark.timeout(900)

# What runs in both kernels, with the results. None is not compared.
CELLS = [
    ("x := 41\nx + 1", "42"),
    ("type point struct{ X, Y int }\nfunc (p point) sum() int { return p.X + p.Y }\npoint{x, 1}.sum()", "42"),
    ('import "./shapes"\nshapes.Name()', "square"),
    ("/*\nstatic int twice(int x) { return 2 * x; }\n*/\nimport \"C\"\nC.twice(21)", "42"),
    ('import "py/gadgets"\npy.As[string](gadgets.TurnOn("fan"))', "fan is on"),
    ('import m "py/math"\npy.As[float64](m.Hypot(3, 4))', "5"),
    ('py.As[string](py.Import("sys").Attr("prefix"))', None),
    ("os.Getwd()", None),
]


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A program, an environment, a cache and a notebook's folder, each with a name of its own kind."""
    root = tmp_path_factory.mktemp("places")
    folders = {
        "program": root / "программа 'one'",
        "venv": root / "Umgebung é 変",
        "cache": root / "cache & ü (2)",
        "notebook": root / "Notizen ñ ☃ $HOME #1",
    }
    for folder in ("program", "cache", "notebook"):
        folders[folder].mkdir()
    for name, text in MODULE.items():
        path = folders["notebook"] / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    program = folders["program"] / "gopy-kernel"
    shutil.copy2(kernels.program(), program)
    check(sys.executable, "-m", "venv", "--without-pip", folders["venv"])
    go = shutil.which("go")
    gocache = kernels.call(go, "env", "GOCACHE").stdout.strip()
    environ = {**os.environ, "XDG_CACHE_HOME": str(folders["cache"]), "GOCACHE": gocache}
    check(program, "install", "--prefix", folders["venv"], "--python", folders["venv"] / "bin" / "python", env=environ)
    return {**folders, "env": {"XDG_CACHE_HOME": str(folders["cache"]), "GOCACHE": gocache}}


def check(*command, **options):
    done = subprocess.run(list(map(str, command)), timeout=10 * kernels.PATIENCE, capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr


def run(places):
    """Runs the cells in a new kernel, and returns the results."""
    installed = places["venv"] / "share" / "jupyter" / "kernels" / "gopy"
    kernel = kernels.Kernel(places["notebook"], env=places["env"], installed=installed)
    try:
        kernel.ready()
        results = [kernel.ok(code, timeout=3 * kernels.PATIENCE).result for code, _ in CELLS]
        assert kernel.ok("!pwd").stdout.strip() == str(places["notebook"])
        failed = kernel.fails("var s []int\ns[3] = 1")
        assert "index out of range" in failed.error and "s[3] = 1" in failed.error
        return results
    finally:
        kernel.close()
        shutil.rmtree(places["notebook"] / "kernels")


def built(places):
    """All that was built and kept, by its name, with what tells it from another file that took its place."""
    cache = places["cache"] / "gopy-kernel"
    files = {p.relative_to(cache): p.stat() for p in cache.rglob("*") if p.is_file()}
    return {str(p): (s.st_ino, s.st_size) for p, s in files.items() if p.name != "lock" and "tmp" not in p.parts}


def test_a_session_and_the_next(places):
    first = run(places)
    for (code, want), got in zip(CELLS, first):
        if want is not None:
            assert got == want, code
    assert first[-2] == str(places["venv"])
    assert first[-1] == f"{places['notebook']}"
    kept = built(places)
    assert kept, "nothing was kept"

    assert run(places) == first
    assert built(places) == kept, "the second time nothing is built"
