package pybridge

import (
	"errors"
	"unsafe"
)

// An ArrowStream is what the C interface of Arrow calls a struct ArrowArrayStream, in Python's memory. Libraries
// that speak it take its address: for arrow-go it is a *cdata.CArrowArrayStream, to which unsafe converts it.
type ArrowStream struct {
	_       [3]uintptr // get_schema, get_next, get_last_error
	release uintptr
	_       uintptr // private_data
}

// ReadArrow calls read with the stream of a dataframe, which read moves out, as that interface calls it: what is
// read from it stays in Python's memory, and is not copied. ReadTable needs no other library; this is for
// those who have one. A pandas.DataFrame has a stream where pyarrow is installed.
func ReadArrow(o *Object, read func(*ArrowStream) error) error {
	capsule, err := tables("stream", o)
	if err != nil {
		return err
	}
	defer capsule.Close()
	s, err := arrowStream(capsule)
	if err != nil {
		return err
	}
	if s.release == 0 {
		return errors.New("the stream has been read already")
	}
	return read(s)
}

// WriteArrow calls write, which fills a stream, and returns an object that a library of Python which speaks Arrow
// takes, once: polars.DataFrame, pyarrow.table, duckdb. Go code may run whenever that library reads.
func WriteArrow(write func(*ArrowStream) error) (*Object, error) {
	capsule, err := tables("arrow_empty")
	if err != nil {
		return nil, err
	}
	defer capsule.Close()
	s, err := arrowStream(capsule)
	if err != nil {
		return nil, err
	}
	if err := write(s); err != nil {
		return nil, err
	}
	return tables("Stream", capsule)
}

func arrowStream(capsule *Object) (*ArrowStream, error) {
	o, err := tables("arrow_address", capsule)
	if err != nil {
		return nil, err
	}
	address, err := As[uintptr](o)
	return *(**ArrowStream)(unsafe.Pointer(&address)), err // vet takes the plain conversion for one of a Go address
}

// tables calls a function of the Python side.
func tables(name string, args ...any) (*Object, error) {
	f, err := startedHelper("gopy_kernel.tables", name)
	if err != nil {
		return nil, err
	}
	return f.Call(args...)
}
