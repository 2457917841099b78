"""The notebooks under notebooks/: executed, compared with the outputs in them, and written anew.

They are committed with their outputs. So whoever opens one on the web sees what it shows, and the outputs
are what the tests compare with. `python test/notebooks.py` runs them and writes those that have changed.
"""

import sys

import nbformat
from nbclient import NotebookClient

import kernels

FOLDER = kernels.ROOT / "notebooks"

# What is drawn differs with the versions of the libraries that draw it, a widget has another id each time. Of
# errors, Python's traceback differs.
DRAWN = ("image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json")


def paths():
    found = sorted(FOLDER.glob("*.ipynb"))
    assert found, f"no notebooks in {FOLDER}"
    return found


def read(path):
    return nbformat.read(path, as_version=4)


def execute(path):
    """Runs a notebook as nbconvert --execute does, and returns it as it is committed."""
    notebook = read(path)
    client = NotebookClient(notebook, kernel_name="gopy", timeout=kernels.PATIENCE, record_timing=False,
                            coalesce_streams=True, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    info = notebook.metadata["language_info"]
    del info["version"]  # of Go, which is another one on the next machine
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": info}
    return notebook


def code(notebook):
    return [c for c in notebook.cells if c.cell_type == "code"]


def shape(output):
    """An output without what may differ from one machine to the next."""
    if output.output_type == "stream":
        return (output.name, output.text)
    if output.output_type == "error":
        return ("error", output.ename, output.evalue)
    data = {mime: "drawn" if mime in DRAWN else text for mime, text in output.data.items()}
    return (output.output_type, data)


def shapes(notebook):
    """All outputs, by the id of the cell."""
    return {c.id: [shape(o) for o in c.outputs] for c in code(notebook)}


def main():
    for path in paths():
        before, after = read(path), execute(path)
        # A figure is drawn anew only where something else has changed: its bytes are never quite the same.
        if shapes(before) == shapes(after) and before.metadata == after.metadata:
            print(path.name, "is as it was")
            continue
        nbformat.write(after, path)
        print(path.name, "is written")


if __name__ == "__main__":
    sys.exit(main())
