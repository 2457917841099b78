package arrow

import (
	"io"
	"testing"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/cdata"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// open starts Python, or skips where there is none.
func open(t *testing.T) *pybridge.Runtime {
	t.Helper()
	rt, err := pybridge.Open(t.Context(), pybridge.Config{})
	if err != nil {
		t.Skipf("no Python: %v", err)
	}
	return rt
}

// check ends a test that cannot go on.
func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// records takes the records of a frame out of Python, which keeps their memory.
func records(t *testing.T, frame *pybridge.Object) (schema *arrow.Schema, batches []arrow.RecordBatch) {
	t.Helper()
	check(t, pybridge.ReadArrow(frame, func(s *pybridge.ArrowStream) error {
		reader, err := cdata.ImportCRecordReader((*cdata.CArrowArrayStream)(unsafe.Pointer(s)), nil)
		for err == nil {
			var batch arrow.RecordBatch
			if batch, err = reader.Read(); err == nil {
				batch.Retain()
				batches = append(batches, batch)
				schema = batch.Schema()
			}
		}
		if err == io.EOF {
			return nil
		}
		return err
	}))
	if len(batches) == 0 {
		t.Fatal("the frame has no records")
	}
	return schema, batches
}

// give hands records to Python.
func give(t *testing.T, schema *arrow.Schema, batches []arrow.RecordBatch) *pybridge.Object {
	t.Helper()
	reader, err := array.NewRecordReader(schema, batches)
	check(t, err)
	defer reader.Release()
	o, err := pybridge.WriteArrow(func(s *pybridge.ArrowStream) error {
		cdata.ExportRecordReader(reader, (*cdata.CArrowArrayStream)(unsafe.Pointer(s)))
		return nil
	})
	check(t, err)
	return o
}

// doubled replaces a column by twice its numbers; what is missing stays so.
func doubled(batch arrow.RecordBatch, column int) arrow.RecordBatch {
	b := array.NewFloat64Builder(memory.DefaultAllocator)
	defer b.Release()
	x := batch.Column(column).(*array.Float64)
	for i := range x.Len() {
		if x.IsNull(i) {
			b.AppendNull()
		} else {
			b.Append(2 * x.Value(i))
		}
	}
	columns := append([]arrow.Array{}, batch.Columns()...)
	columns[column] = b.NewArray()
	defer columns[column].Release()
	return array.NewRecordBatch(batch.Schema(), columns, batch.NumRows())
}

func TestFramesAreRecords(t *testing.T) {
	rt := open(t)
	for _, library := range []struct{ name, setup string }{
		{"pyarrow", "import pyarrow\nframe = pyarrow.table(columns)\ndef back(o): return pyarrow.table(o).to_pydict()"},
		{"polars", "import polars\nframe = polars.DataFrame(columns)\ndef back(o): return polars.DataFrame(o).to_dict(as_series=False)"},
		{"pandas", "import pandas, pyarrow\nframe = pandas.DataFrame(columns)\nframe['x'] = frame['x'].astype(pandas.ArrowDtype(pyarrow.float64()))\n" +
			"def back(o):\n f = pyarrow.table(o).to_pandas()\n return {c: [None if pandas.isna(v) else v for v in f[c].tolist()] for c in f}"},
	} {
		t.Run(library.name, func(t *testing.T) {
			check(t, rt.Exec("columns = {'n': [1, 2, 3], 'x': [0.5, None, 2.5], 's': ['a', 'é', '']}"))
			if err := rt.Exec(library.setup); err != nil {
				t.Skipf("this Python has no %s: %v", library.name, err)
			}
			frame, err := rt.Get("frame")
			check(t, err)
			schema, batches := records(t, frame)
			if n := batches[0].Column(0).(*array.Int64); n.Value(2) != 3 {
				t.Errorf("n is %v", n)
			}
			given := give(t, schema, []arrow.RecordBatch{doubled(batches[0], 1)})
			back, err := rt.Get("back")
			check(t, err)
			got, err := back.Call(given)
			check(t, err)
			text, err := got.Repr()
			check(t, err)
			if want := "{'n': [1, 2, 3], 'x': [1.0, None, 5.0], 's': ['a', 'é', '']}"; text != want {
				t.Errorf("%s got %s, want %s", library.name, text, want)
			}
		})
	}
}

// A column that comes back stands where it stood.
func TestNothingIsCopied(t *testing.T) {
	rt := open(t)
	if err := rt.Exec("import pyarrow\ntable = pyarrow.table({'n': list(range(1000))})\ndef address(t): return pyarrow.table(t)['n'].chunk(0).buffers()[1].address"); err != nil {
		t.Skipf("this Python has no pyarrow: %v", err)
	}
	table, err := rt.Get("table")
	check(t, err)
	address, err := rt.Get("address")
	check(t, err)
	before, err := pybridge.CallAs[uint64](address, table)
	check(t, err)
	schema, batches := records(t, table)
	numbers := batches[0].Column(0).(*array.Int64).Int64Values()
	if here := uint64(uintptr(unsafe.Pointer(&numbers[0]))); here != before {
		t.Errorf("Python has the numbers at %#x, Go at %#x", before, here)
	}
	after, err := pybridge.CallAs[uint64](address, give(t, schema, batches))
	check(t, err)
	if after != before {
		t.Errorf("the numbers went from %#x to %#x", before, after)
	}
	for _, batch := range batches {
		batch.Release()
	}
}
