package py

import "github.com/gopy-kernel/gopy-kernel/pybridge"

// A Table is a dataframe in Go.
type Table = pybridge.Table

// A Column is one column of a Table.
type Column = pybridge.Column

// ReadTable copies a dataframe of pandas, polars or another library that speaks Arrow out of Python.
func ReadTable(o Referrer) *Table { return must(pybridge.ReadTable(o.PyObject())) }

// TableOf makes a table of structs, with a column for each field.
func TableOf[T any](rows []T) *Table { return must(pybridge.TableOf(rows)) }

// ColumnAs returns the values of a column.
func ColumnAs[T any](t *Table, name string) []T { return must(pybridge.ColumnAs[T](t, name)) }

// RowsAs returns the rows of a table as structs.
func RowsAs[T any](t *Table) []T { return must(pybridge.RowsAs[T](t)) }

// An ArrowStream is a struct ArrowArrayStream of Arrow's C interface, in Python's memory.
type ArrowStream = pybridge.ArrowStream

// ReadArrow calls read with the stream of a dataframe, which read moves out.
func ReadArrow(o Referrer, read func(*ArrowStream) error) {
	check(pybridge.ReadArrow(o.PyObject(), read))
}

// WriteArrow calls write, which fills a stream, and returns an object that a library of Python takes, once.
func WriteArrow(write func(*ArrowStream) error) *Object { return object(pybridge.WriteArrow(write)) }
