"""Modules, from the outside: a notebook in a folder that is a Go module, with packages beside it."""

import kernels

GO_MOD = """module example.com/notebook

go 1.26

require example.com/library v0.0.0

replace example.com/library => ./library
"""

FILES = {
    "go.mod": GO_MOD,
    "shapes/shapes.go": 'package shapes\n\nimport "example.com/library"\n\nfunc Name() string { return "square of " + library.Unit }\n',
    "library/go.mod": "module example.com/library\n\ngo 1.26\n",
    "library/library.go": "// Package library measures.\npackage library\n\n// Unit is a unit.\nconst Unit = \"cm\"\n",
}


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_the_module_beside_the_notebook(tmp_path):
    write(tmp_path, FILES)
    with kernels.started(tmp_path) as kernel:
        first = kernel.ok('import "./shapes"\nshapes.Name()')
        assert first.result == "square of cm"
        assert "compil" in first.stderr, "progress is shown"
        assert kernel.ok('import "example.com/library"\nlibrary.Unit').result == "cm"
        assert kernel.ok("shapes.Name() + library.Unit").result == "square of cmcm"

        completion = kernel.client.complete("library.U", reply=True, timeout=kernels.PATIENCE)
        assert "Unit" in "".join(completion["content"]["matches"])
        found = kernel.client.inspect("library.Unit", cursor_pos=10, reply=True, timeout=kernels.PATIENCE)
        assert "Unit is a unit" in found["content"]["data"]["text/plain"]

        assert "could not import ./nowhere: there is no folder" in kernel.fails('import "./nowhere"').error
    assert (tmp_path / "go.mod").read_text() == GO_MOD
    assert not (tmp_path / "go.sum").exists()


def test_what_is_loaded_cannot_be_exchanged(tmp_path):
    write(tmp_path, FILES)
    with kernels.started(tmp_path) as kernel:
        kernel.ok('import "./shapes"\nkept := shapes.Name()')
        worker = kernel.worker()
        write(tmp_path, {"library/library.go": 'package library\n\nconst Unit = "mm"\n'})

        refused = kernel.fails('import "./shapes"\nshapes.Name()', allow_stdin=False)
        assert "has changed since it was loaded" in refused.error
        assert "%restart" in refused.error
        assert kernel.ok("kept").result == "square of cm"

        request = kernel.client.execute('import "./shapes"\nshapes.Name()', allow_stdin=True)
        asked = kernel.client.get_stdin_msg(timeout=kernels.PATIENCE)
        assert "Restart it now?" in asked["content"]["prompt"]
        kernel.client.input("y")
        restarted = kernel.collect(request)
        assert restarted.result == "square of mm"
        assert "Lost: kept" in restarted.stderr
        assert kernel.worker() != worker
        assert "kept" in kernel.fails("kept").error
