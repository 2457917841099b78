"""Machines where something is missing: the cell says what, and what to do, and the kernel goes on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import kernels

# Environment variables that lead to a Python.
NO_PYTHON = {name: None for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "PYENV_VERSION", "GOPY_PYTHON")}


def outside(name):
    """Where a program is found without the environment that the tests run in."""
    own = Path(sys.prefix) / "bin"
    path = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if Path(p) != own)
    return shutil.which(name, path=path)


def mounts():
    """Why no file can be hidden here; empty where it can."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return "needs Linux and unshare, to hide programs from the kernel alone"
    if kernels.call("unshare", "--mount", "sh", "-c", "mount --bind /dev/null /bin/true").returncode != 0:
        return "needs to be root, to hide programs from the kernel alone"
    return ""


hides = pytest.mark.skipif(bool(mounts()), reason=mounts())


def without(*files, folders=()):
    """A command that runs the kernel where some files and folders are not to be seen; nothing else notices."""
    hide = [f"mount --bind /dev/null '{f}'" for f in dict.fromkeys(map(os.path.realpath, files))]
    hide += [f"mount -t tmpfs -o mode=755 none '{d}'" for d in dict.fromkeys(map(os.path.realpath, folders))]
    return ["unshare", "--mount", "sh", "-e", "-c", "\n".join([*hide, 'exec "$@"']), "sh"]


def tools(*names):
    """All places where programs of these names are."""
    places = [*os.environ["PATH"].split(os.pathsep), "/usr/bin", "/bin", "/usr/local/bin"]
    return [str(f) for d in dict.fromkeys(places) for n in names if (f := Path(d) / n).is_file()]


def check_python_is_missing(kernel, *words):
    kernel.ok("x := []int{1, 2}")
    assert kernel.ok("len(x)").result == "2"
    first = kernel.fails('py.Import("sys")')
    assert [kind for kind, _ in first.outputs] == ["error"]
    for word in words:
        assert word in first.error
    assert kernel.ok("x").result == "[]int{1, 2}", "what Go had is still there"
    assert kernel.fails('py.Eval("1")').error


def test_a_python_that_is_not_there_is_named(start):
    kernel = start(env={**NO_PYTHON, "GOPY_PYTHON": "/nowhere/python3"})
    check_python_is_missing(kernel, "/nowhere/python3", "GOPY_PYTHON", "there is no such file")


@hides
def test_all_that_was_tried_is_listed(start, tmp_path):
    gone, mute = tmp_path / "gone", tmp_path / "mute"
    for folder in (gone, mute):
        (folder / "bin").mkdir(parents=True)
    (mute / "bin" / "python").write_text("#!/bin/sh\nexit 3\n")
    (mute / "bin" / "python").chmod(0o755)
    kernel = start(
        env={**NO_PYTHON, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **caches(), "VIRTUAL_ENV": str(gone), "CONDA_PREFIX": str(mute)},
        before=without(*tools("python3", "python")),
    )
    check_python_is_missing(kernel, f"{gone}/bin/python (VIRTUAL_ENV): there is no such file", f"{mute}/bin/python (CONDA_PREFIX): ")


@hides
def test_a_machine_without_python(start, tmp_path):
    kernel = start(env={**NO_PYTHON, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **caches()}, before=without(*tools("python3", "python")))
    check_python_is_missing(kernel, "no Python was found", "GOPY_PYTHON")


def caches():
    """The caches, for a kernel that has another home."""
    go = outside("go")
    known = {"XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))}
    if go:
        known["GOCACHE"] = kernels.call(go, "env", "GOCACHE").stdout.strip()
    return known


def check_tool_is_missing(kernel, *words):
    """Cells fail with a message that helps, everything else is answered, and every request gets its idle."""
    for code in ("1 + 1", 'fmt.Println("a")'):
        cell = kernel.fails(code, timeout=kernels.PATIENCE)
        assert cell.messages[-1] == ("status", {"execution_state": "idle"})
        for word in words:
            assert word in cell.error
    assert kernel.collect(kernel.client.kernel_info()).reply["status"] == "ok"


@hides
def test_a_machine_without_go(start, tmp_path):
    root = kernels.call(outside("go"), "env", "GOROOT").stdout.strip()
    kernel = start(
        env={"PATH": "/usr/bin:/bin", "GOROOT": None, "GOPY_GO": None, "XDG_CACHE_HOME": str(tmp_path / "cache")},
        before=without(*tools("go"), folders=[root]),
    )
    check_tool_is_missing(kernel, "the go command was not found", "install Go", "GOPY_GO")


@hides
def test_a_machine_without_a_c_compiler(start, tmp_path):
    kernel = start(env={"XDG_CACHE_HOME": str(tmp_path / "cache")}, before=without(*tools("gcc", "cc", "clang")))
    check_tool_is_missing(kernel, "a C compiler was not found", "apt install gcc")


@hides
def test_a_machine_without_a_linker(start, tmp_path):
    kernel = start(env={"XDG_CACHE_HOME": str(tmp_path / "cache")}, before=without(*tools("ld", "ld.bfd")))
    check_tool_is_missing(kernel, "the linker ld was not found", "apt install binutils")


def test_a_cache_folder_that_cannot_be_written(start, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    before = []
    if os.geteuid() != 0:
        cache.chmod(0o500)
    elif mounts():
        pytest.skip("root may write everywhere, and " + mounts())
    else:  # root may write everywhere
        before = ["unshare", "--mount", "sh", "-e", "-c", f"mount -t tmpfs -o ro none '{cache}'\n" + 'exec "$@"', "sh"]
    kernel = start(env={**caches(), "XDG_CACHE_HOME": str(cache)}, before=before)
    check_tool_is_missing(kernel, str(cache))


@hides
def test_a_full_disk(start, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    small = ["unshare", "--mount", "sh", "-e", "-c", f"mount -t tmpfs -o size=1m none '{cache}'\n" + 'exec "$@"', "sh"]
    kernel = start(env={**caches(), "XDG_CACHE_HOME": str(cache)}, before=small)
    check_tool_is_missing(kernel, str(cache), "no space left on device")


@hides
def test_a_disk_that_fills_up_and_is_emptied(start, tmp_path):
    cache = tmp_path / "cache"
    cache.mkdir()
    small = ["unshare", "--mount", "sh", "-e", "-c", f"mount -t tmpfs -o size=200m none '{cache}'\n" + 'exec "$@"', "sh"]
    kernel = start(env={**caches(), "XDG_CACHE_HOME": str(cache)}, before=small)
    first = kernel.ok("kept := 1", timeout=3 * kernels.PATIENCE)
    assert "linking the worker" in first.stderr, "the wait is explained"
    filler = Path(f"/proc/{kernel.front.pid}/root{cache}/filler")  # the disk as the kernel sees it
    with filler.open("wb") as f, pytest.raises(OSError, match="No space left"):
        while True:
            f.write(bytes(1 << 20))
            f.flush()
    full = kernel.fails("kept + 1")
    assert str(cache) in full.error and "no space left on device" in full.error
    filler.unlink()
    assert kernel.ok("kept + 1").result == "2"


def pythons():
    """Interpreters to make environments from: the system's, the one on PATH (a shim perhaps), and pyenv's."""
    found = {"system": "/usr/bin/python3", "PATH": outside("python3")}
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    for version in sorted((root / "versions").glob("3.*"), key=lambda p: [int(n) for n in p.name.split(".") if n.isdigit()]):
        if (version / "bin" / "python3").is_file() and tuple(map(int, version.name.split(".")[:2])) >= (3, 9):
            found[f"pyenv {version.name}"] = str(version / "bin" / "python3")
    return found


@pytest.mark.parametrize("name", pythons())
def test_environments_of_every_python(start, tmp_path, name):
    python = pythons()[name]
    if not python or not Path(python).exists():
        pytest.skip(f"there is no Python here: {python}")
    venv = tmp_path / "an environment"
    made = subprocess.run([python, "-m", "venv", "--without-pip", str(venv)], timeout=kernels.PATIENCE, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    kernel = start(env={**NO_PYTHON, "GOPY_PYTHON": str(venv / "bin" / "python")})
    cell = kernel.run('py.Import("sys").Attr("prefix")')
    if cell.reply["status"] == "error":  # a Python without its library: the message has the package
        assert "shared library" in cell.error and "to mend it" in cell.error
        pytest.skip(f"{python} has no shared library; the kernel says so")
    assert cell.result == repr(str(venv))
    version = kernel.ok('py.Import("platform").Method("python_version")').result
    want = kernels.call(python, "-c", "import platform; print(repr(platform.python_version()))").stdout.strip()
    assert version == want
