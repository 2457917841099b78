package pybridge

import (
	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// call writes and runs a call of the object or of one of its methods, or what reads an attribute.
func (o *Object) call(f *capi.Frame, step capi.Step, name string, args []any, want capi.Want) error {
	r, err := started()
	if err != nil {
		return err
	}
	if !o.begin(r, f) {
		return ErrClosed
	}
	if err := r.encodeCall(f, step, name, args); err != nil {
		return err
	}
	f.Run(want)
	return nil
}

// encodeCall writes the step that calls an object or one of its methods, or reads an attribute.
func (r *Runtime) encodeCall(f *capi.Frame, step capi.Step, name string, args []any) error {
	positional, kw := splitKw(args)
	f.Call(step, len(positional), len(kw))
	if step != capi.StepCall {
		r.putName(f, name)
	}
	if err := r.encodeAll(f, positional); err != nil {
		return err
	}
	if len(kw) > 0 {
		return r.encodeKw(f, kw)
	}
	return nil
}

func splitKw(args []any) (positional []any, kw Kw) {
	if n := len(args); n > 0 {
		if kw, is := args[n-1].(Kw); is {
			return args[:n-1], kw
		}
	}
	return args, nil
}

// named writes the object and a step that begins with a name.
func (o *Object) named(f *capi.Frame, step capi.Step, name string) error {
	r, err := started()
	if err != nil {
		return err
	}
	if !o.begin(r, f) {
		return ErrClosed
	}
	f.Step(step, 1)
	r.putName(f, name)
	return nil
}

// keyed writes the object and a step that begins with the key of an item; several keys are a tuple.
func (o *Object) keyed(f *capi.Frame, step capi.Step, key []any) error {
	r, err := started()
	if err != nil {
		return err
	}
	if !o.begin(r, f) {
		return ErrClosed
	}
	f.Step(step, 1)
	return r.encodeKey(f, key)
}

// encodeKey writes the key of an item; several are a tuple.
func (r *Runtime) encodeKey(f *capi.Frame, key []any) error {
	if len(key) != 1 {
		f.Container(capi.TagTuple, len(key))
	}
	return r.encodeAll(f, key)
}

// finish writes the last values of a step whose result nobody wants, and runs it.
func (o *Object) finish(f *capi.Frame, values ...any) error {
	r, err := started()
	if err != nil {
		return err
	}
	if err := r.encodeAll(f, values); err != nil {
		return err
	}
	f.Run(capi.WantNothing)
	return failure(f)
}

// step runs a step that is a word and the values after it.
func (o *Object) step(f *capi.Frame, step capi.Step, n int, want capi.Want, values ...any) error {
	r, err := started()
	if err != nil {
		return err
	}
	if !o.begin(r, f) {
		return ErrClosed
	}
	f.Step(step, n)
	if err := r.encodeAll(f, values); err != nil {
		return err
	}
	f.Run(want)
	return nil
}

func (o *Object) truth(step capi.Step, n int, values ...any) (bool, error) {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.step(f, step, n, capi.WantObject, values...); err != nil {
		return false, err
	}
	answer, err := result(f)
	if err != nil {
		return false, err
	}
	if answer.kind == capi.TagObject { // numpy compares item by item
		return answer.Truth()
	}
	return answer.kind == capi.TagTrue, nil
}

func (o *Object) text(step capi.Step) (string, error) {
	if res, ok := o.few(step, "", nil, capi.WantValue); ok {
		if res.Kind() == capi.TagStr {
			return res.Text(), nil
		}
		f := res.Frame()
		defer f.Free()
		return textResult(f)
	}
	f := capi.NewFrame()
	defer f.Free()
	if err := o.step(f, step, 0, capi.WantValue); err != nil {
		return "", err
	}
	return textResult(f)
}

// textResult takes a result that is a str.
func textResult(f *capi.Frame) (string, error) {
	switch f.Kind() {
	case capi.TagStr, capi.TagStrRef:
		return f.Text(), nil
	case capi.TagStream: // a str with lone surrogates
		_, n := f.Reader().Header()
		r := f.Reader()
		r.Header()
		return r.Text(n), nil
	}
	return "", failure(f)
}

// result takes a result as an object.
func result(f *capi.Frame) (*Object, error) {
	switch f.Kind() {
	case capi.TagNone:
		return None, nil
	case capi.TagTrue:
		return True, nil
	case capi.TagFalse:
		return False, nil
	case capi.TagInt, capi.TagFloat:
		return &Object{kind: f.Kind(), word: f.Word()}, nil
	case capi.TagObject:
		return newObject(capi.Handle(f.Word())), nil
	}
	return nil, failure(f)
}

// failure takes a result that may be an exception. A panic of Go code that Python called goes on
// from here.
func failure(f *capi.Frame) error {
	if f.Kind() != capi.TagError {
		return nil
	}
	return newError(f)
}
