"""One kernel for the tests of a module that need nothing special, and kernels of their own for the others."""

import os

import pytest

import kernels

# Tests leave nothing in the history of who runs them.
os.environ["GOPY_HISTORY"] = "off"


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A kernel that the tests of a module share: they must not depend on what it has run before."""
    with kernels.started(tmp_path_factory.mktemp("kernel")) as k:
        yield k


@pytest.fixture
def start(tmp_path):
    """Starts kernels that end with the test."""
    running = []

    def start(ready=True, **options):
        folder = tmp_path / f"kernel{len(running)}"
        folder.mkdir()
        running.append(kernels.Kernel(folder, **options))
        return running[-1].ready() if ready else running[-1]

    yield start
    for k in running:
        k.close()


@pytest.fixture
def fresh(start):
    """A kernel of the test's own."""
    return start()
