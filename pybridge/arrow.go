package pybridge

import (
	"fmt"
	"reflect"
	"slices"
	"time"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// ReadTable copies a dataframe out of Python: of whatever speaks Arrow (polars, pyarrow, duckdb), and of
// pandas also where pyarrow is not installed. Numbers have the types that they have there; texts are
// strings, times time.Time, decimals *big.Rat, lists slices, structs maps, categories their values.
func ReadTable(o *Object) (*Table, error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	source, err := tables("open", o)
	if err != nil {
		return nil, err
	}
	defer source.Close()
	if columns, err := As[[]*Object](source); err == nil {
		return readFrame(columns)
	}
	return r.readStream(source)
}

// readFrame reads the columns of a dataframe that does not speak Arrow: (name, array or list, which are
// there or None).
func readFrame(columns []*Object) (*Table, error) {
	t := &Table{}
	for _, o := range columns {
		c := Column{}
		name, err := ChainAs[string](o.Chain().Index(0))
		if err != nil {
			return nil, err
		}
		c.Name = name
		if c.Values, err = readSeries(o); err != nil {
			return nil, fmt.Errorf("column %q: %w", name, err)
		}
		if c.Valid, err = ChainAs[[]bool](o.Chain().Index(2)); err != nil {
			return nil, fmt.Errorf("column %q: %w", name, err)
		}
		o.Close()
		t.Columns = append(t.Columns, c)
	}
	return t, t.check()
}

func readSeries(column *Object) (any, error) {
	values, err := column.Index(1)
	if err != nil {
		return nil, err
	}
	defer values.Close()
	kind, err := ChainAs[string](column.Chain().Index(3))
	if err != nil {
		return nil, err
	}
	switch kind {
	case "texts":
		return As[[]string](values)
	case "times":
		return As[[]time.Time](values)
	case "durations":
		return As[[]time.Duration](values)
	case "objects":
		return As[[]any](values)
	}
	r, err := started()
	if err != nil {
		return nil, err
	}
	b, err := r.openBuffer(values, false)
	if err != nil {
		return nil, err
	}
	defer b.close()
	elem, err := b.element()
	if err != nil {
		return nil, err
	}
	if elem.goType == nil {
		return nil, fmt.Errorf("elements of format %q have no type in Go", b.format)
	}
	slice := reflect.New(reflect.SliceOf(elem.goType)).Elem()
	err = b.copyTo(slice, elem)
	return slice.Interface(), err
}

// arrowSchema is what a column of Arrow is.
type arrowSchema struct {
	format, name string
	children     []*arrowSchema
	dictionary   *arrowSchema
}

// arrowArray is a part of a column, in Python's memory.
type arrowArray struct {
	length, nulls, offset int
	buffers               []unsafe.Pointer
	children              []*arrowArray
	dictionary            *arrowArray
}

func (r *Runtime) readStream(capsule *Object) (*Table, error) {
	f := capi.NewFrame()
	defer f.Free()
	if !capsule.put(f) {
		return nil, ErrClosed
	}
	f.Step(capi.StepTable, 0)
	f.Run(capi.WantValue)
	if err := failure(f); err != nil {
		return nil, err
	}
	words := f.Reader()
	handle := capi.Handle(words.Word())
	defer capi.Release([]capi.Handle{handle | openBufferBit})
	schema := readSchema(words)
	chunks := make([]*arrowArray, words.Word())
	for i := range chunks {
		chunks[i] = readArray(words)
	}
	return tableOf(schema, chunks)
}

func readSchema(words *capi.Reader) *arrowSchema {
	s := &arrowSchema{}
	for _, text := range []*string{&s.format, &s.name} {
		_, n := words.Header()
		*text = words.Text(n)
	}
	words.Word() // flags
	s.children = make([]*arrowSchema, words.Word())
	for i := range s.children {
		s.children[i] = readSchema(words)
	}
	if words.Word() != 0 {
		s.dictionary = readSchema(words)
	}
	return s
}

func readArray(words *capi.Reader) *arrowArray {
	a := &arrowArray{length: int(words.Word()), nulls: int(int64(words.Word())), offset: int(words.Word())}
	a.buffers = make([]unsafe.Pointer, words.Word())
	for i := range a.buffers {
		a.buffers[i] = words.Address()
	}
	a.children = make([]*arrowArray, words.Word())
	for i := range a.children {
		a.children[i] = readArray(words)
	}
	if words.Word() != 0 {
		a.dictionary = readArray(words)
	}
	return a
}

func tableOf(schema *arrowSchema, chunks []*arrowArray) (*Table, error) {
	if schema.format != "+s" {
		return nil, fmt.Errorf("the stream has values of format %q, and no columns", schema.format)
	}
	t := &Table{}
	for i, s := range schema.children {
		c := Column{Name: s.name}
		parts := make([]part, len(chunks))
		for j, chunk := range chunks {
			parts[j] = part{chunk.children[i], chunk.offset, chunk.length}
		}
		var err error
		if c.Values, c.Valid, err = s.column(parts); err != nil {
			return nil, fmt.Errorf("column %q: %w", s.name, err)
		}
		t.Columns = append(t.Columns, c)
	}
	return t, nil
}

// A part is some of the values of an array.
type part struct {
	array       *arrowArray
	from, count int // from counts from the array's offset
}

// column copies the values of a column that comes in parts.
func (s *arrowSchema) column(parts []part) (values any, valid []bool, err error) {
	read, err := s.reader()
	if err != nil {
		return nil, nil, err
	}
	total := 0
	for _, p := range parts {
		total += p.count
	}
	slice := reflect.MakeSlice(reflect.SliceOf(read.of), total, total)
	at := 0
	for _, p := range parts {
		into := slice.Slice(at, at+p.count)
		if err := read.values(p, into); err != nil {
			return nil, nil, err
		}
		valid = p.validity(valid, at, total, s.format)
		for i := range p.count {
			if valid != nil && !valid[at+i] {
				into.Index(i).SetZero() // what stands there means nothing
			}
		}
		at += p.count
	}
	return slice.Interface(), valid, nil
}

// validity enters which values there are; valid stays nil while all are.
func (p part) validity(valid []bool, at, total int, format string) []bool {
	a := p.array
	none := format == "n"
	if !none && !a.hasBitmap() {
		return valid
	}
	for i := range p.count {
		if !none && bit(a.buffers[0], a.offset+p.from+i) {
			continue
		}
		if valid == nil {
			valid = slices.Repeat([]bool{true}, total)
		}
		valid[at+i] = false
	}
	return valid
}

// hasBitmap reports whether the first buffer says which values there are. Arrays of nothing but nulls have no buffer.
func (a *arrowArray) hasBitmap() bool {
	return a.nulls != 0 && len(a.buffers) > 0 && a.buffers[0] != nil
}

func bit(bits unsafe.Pointer, i int) bool {
	return *(*byte)(unsafe.Add(bits, i/8))>>(i%8)&1 != 0
}
