"""Imports what is not there."""

import nosuchmodule  # noqa: F401
