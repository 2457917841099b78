"""The notebooks run, and show what they are committed with."""

import re

import pytest

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
            assert not re.search(r"0x[0-9a-f]{6}|/home/|/root/", str(notebooks.shape(output))), output


def test_the_tour_shows_what_a_tour_should():
    tour = notebooks.read(notebooks.FOLDER / "tour.ipynb")
    cells = notebooks.code(tour)
    assert 10 <= len(cells) <= 15
    mimes = [mime for c in cells for o in c.outputs if "data" in o for mime in o.data]
    assert mimes.count("image/png") == 2, "a figure and an image"
    assert mimes.count("text/html") == 2, "a table of structs and a data frame"
    assert not [o for c in cells for o in c.outputs if o.output_type == "error"]
