package pybridge

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// mapChunk is how many calls are made in one crossing. Between two of them other threads may have the
// GIL.
const mapChunk = 1024

// Map calls f with each value of a slice and copies the results into a Go slice, as CallAs does, with one
// crossing for many calls instead of one for each. It stops at the first value for which something goes
// wrong; the error says which that was.
func Map[R, A any](f *Object, in []A) ([]R, error) {
	if len(in) <= mapChunk {
		return mapPart[R](f, in, 0)
	}
	out := make([]R, 0, len(in))
	for start := 0; start < len(in); start += mapChunk {
		part, err := mapPart[R](f, in[start:min(start+mapChunk, len(in))], start)
		if err != nil {
			return nil, err
		}
		out = append(out, part...)
	}
	return out, nil
}

func mapPart[R, A any](o *Object, in []A, start int) (out []R, err error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	f := capi.NewFrame()
	defer f.Free()
	if !o.begin(r, f) {
		return nil, ErrClosed
	}
	f.Step(capi.StepMap, len(in))
	if at, err := r.encodeEach(f, in); err != nil {
		return nil, fmt.Errorf("argument %w", inside(fmt.Sprintf("[%d]", start+at), err))
	}
	f.Depth(max(objectDepth(reflect.TypeFor[[]R]()), 0))
	f.Run(capi.WantValue)
	if f.Kind() == capi.TagError {
		return nil, inside(fmt.Sprintf("[%d]", start+failedAt(f)), failure(f))
	}
	if err := scanInto(f, &out); err != nil {
		return nil, shifted(err, start)
	}
	return out, nil
}

// failedAt returns the number that stands after the texts of an exception.
func failedAt(f *capi.Frame) int {
	words := f.Reader()
	for words.Peek() == capi.TagStr {
		words.Skip(dropLater)
	}
	if words.Peek() != capi.TagInt {
		return 0
	}
	words.Header()
	return int(words.Word())
}

// shifted corrects the place of a result that could not be converted by what came before its part.
func shifted(err error, start int) error {
	var p *pathError
	var i int
	if !errors.As(err, &p) {
		return err
	}
	rest := p.path
	if _, scanErr := fmt.Sscanf(p.path, "list[%d]", &i); scanErr == nil {
		rest = rest[len(fmt.Sprintf("list[%d]", i)):]
	}
	return &pathError{path: fmt.Sprintf("[%d]%s", start+i, rest), err: p.err}
}

// encodeEach writes the values of a slice, the plainest without boxing them. It returns the index of the
// one that failed.
func (r *Runtime) encodeEach(f *capi.Frame, in any) (at int, err error) {
	if f.Aux() != nil {
		return r.encodeBoxed(f, in)
	}
	switch in := in.(type) {
	case []int:
		for _, v := range in {
			f.Int(int64(v))
		}
	case []float64:
		for _, v := range in {
			f.Float(v)
		}
	case []string:
		for _, v := range in {
			f.Str(v)
		}
	default:
		return r.encodeBoxed(f, in)
	}
	return 0, nil
}

func (r *Runtime) encodeBoxed(f *capi.Frame, in any) (at int, err error) {
	v := reflect.ValueOf(in)
	for i := range v.Len() {
		if err := r.encode(f, v.Index(i).Interface()); err != nil {
			return i, err
		}
	}
	return 0, nil
}

// Func1 returns a callable as a Go function with one parameter. For plain types it is the fastest way to
// call one value at a time, because the argument need not be boxed.
func Func1[A, R any](o *Object) func(A) (R, error) {
	return func(a A) (R, error) {
		var p plainArgs
		if fewWanted[R]() && p.addPointer(&a) {
			if res, ok := o.runFew(capi.StepCall, capi.WantValue, &p); ok {
				runtime.KeepAlive(&a)
				return fewAs[R](res)
			}
		}
		return CallAs[R](o, a)
	}
}

// Func2 is Func1 for two parameters.
func Func2[A, B, R any](o *Object) func(A, B) (R, error) {
	return func(a A, b B) (R, error) {
		var p plainArgs
		if fewWanted[R]() && p.addPointer(&a) && p.addPointer(&b) {
			if res, ok := o.runFew(capi.StepCall, capi.WantValue, &p); ok {
				runtime.KeepAlive(&a)
				runtime.KeepAlive(&b)
				return fewAs[R](res)
			}
		}
		return CallAs[R](o, a, b)
	}
}
