// Package arrow has tests of dataframes that arrow-go and libraries of Python hand to each other. It is a module of its
// own, so that the kernel's does not require arrow-go. It runs with `go test` in its folder, with a Python that has
// pyarrow, polars and pandas.
package arrow
