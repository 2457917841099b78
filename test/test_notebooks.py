"""The notebooks run, and show what they are committed with."""

import re
import sys
from pathlib import Path

import nbformat
import pytest

import kernels
import notebooks


@pytest.mark.parametrize("path", notebooks.paths(), ids=lambda p: p.name)
def test_a_notebook_shows_what_it_is_committed_with(path):
    committed = notebooks.read(path)
    executed = notebooks.execute(path)
    assert notebooks.shapes(executed) == notebooks.shapes(committed), "if that is right: make notebooks"


@pytest.mark.parametrize("path", notebooks.paths(), ids=lambda p: p.name)
def test_a_notebook_is_committed_as_it_ran(path):
    committed = notebooks.read(path)
    cells = notebooks.code(committed)
    assert [c.execution_count for c in cells] == list(range(1, len(cells) + 1)), "run from the top, each cell once"
    assert committed.metadata.kernelspec.name == "gopy"
    assert committed.metadata.language_info.name == "go"
    for cell in cells:
        assert cell.metadata.get("tags", []) in ([], ["raises-exception"])
        assert bool(cell.metadata.get("tags")) == any(o.output_type == "error" for o in cell.outputs)
        for output in cell.outputs:
            assert output.get("name") != "stderr", output
            assert not re.search(r"0x[0-9a-f]{6}|/(home|root)/", str(notebooks.shape(output))), output


def test_the_tour_shows_what_a_tour_should():
    tour = notebooks.read(notebooks.FOLDER / "tour.ipynb")
    cells = notebooks.code(tour)
    assert 10 <= len(cells) <= 15
    mimes = [mime for c in cells for o in c.outputs if "data" in o for mime in o.data]
    assert mimes.count("image/png") == 2, "a figure and an image"
    assert mimes.count("text/html") == 2, "a table of structs and a data frame"
    assert not [o for c in cells for o in c.outputs if o.output_type == "error"]


def nbconvert(*arguments):
    return kernels.call(str(Path(sys.prefix) / "bin" / "jupyter"), "nbconvert", "--execute", "--to", "html", *map(str, arguments))


def test_the_tour_as_a_page(tmp_path):
    done = nbconvert("--output-dir", tmp_path, notebooks.FOLDER / "tour.ipynb")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "tour.html").read_text()
    assert len(re.findall(r'<img[^>]+src="data:image/png;base64,[^"]{1000,}', page)) == 2
    assert len(re.findall(r"<table\b", page)) == 2
    assert "From order to chaos" in page and "SATURN" in page


def test_a_failing_cell_ends_the_run_unless_it_is_allowed(tmp_path):
    cells = ['panic("on purpose")', '"reached " + "the end"']
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    notebook.metadata["kernelspec"] = {"name": "gopy", "display_name": "Go"}
    file = tmp_path / "failing.ipynb"
    nbformat.write(notebook, file)
    stopped = nbconvert(file)
    assert stopped.returncode != 0 and "panic: on purpose" in kernels.plain(stopped.stderr)
    done = nbconvert("--allow-errors", file)
    assert done.returncode == 0, done.stderr
    assert "reached the end" in (tmp_path / "failing.html").read_text()
