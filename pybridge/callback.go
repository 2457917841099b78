package pybridge

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// A function is a Go function that Python may call.
type function struct {
	plain     any // the function itself
	value     reflect.Value
	signature *signature
	method    *method // for a method: Python passes the value first
}

// A signature is what a Go function type means to Python.
type signature struct {
	params   []reflect.Type // without the context and the keywords
	variadic bool
	context  bool // the first parameter is a context
	keywords bool // the last parameter is a Kw
	fails    bool // the last result is an error
	flags    uint64
	depths   capi.FuncDepths
}

var (
	signatures  sync.Map // reflect.Type to *signature: a pure function of the type
	contextType = reflect.TypeFor[context.Context]()
	errorType   = reflect.TypeFor[error]()
)

func signatureOf(t reflect.Type) *signature {
	if s, found := signatures.Load(t); found {
		return s.(*signature)
	}
	s := newSignature(t, 0)
	signatures.Store(t, s)
	return s
}

// newSignature describes a function type from a parameter on: that of a method begins with its receiver.
func newSignature(t reflect.Type, first int) *signature {
	s := &signature{variadic: t.IsVariadic()}
	for i := first; i < t.NumIn(); i++ {
		switch in := t.In(i); {
		case i == first && in == contextType:
			s.context = true
		case i == t.NumIn()-1 && in == kwType:
			s.keywords = true
		default:
			s.params = append(s.params, in)
		}
	}
	s.fails = t.NumOut() > 0 && t.Out(t.NumOut()-1) == errorType
	s.noteDepths(first)
	return s
}

// noteDepths notes which parameters take objects as they are.
func (s *signature) noteDepths(first int) {
	for i, p := range s.params {
		if s.variadic && i == len(s.params)-1 {
			s.flags |= capi.FuncVariadic
			s.depths = s.depths.With(15, objectDepth(p.Elem())+1)
		} else if first+i < 15 {
			s.depths = s.depths.With(first+i, objectDepth(p)+1)
		}
	}
}

// fixed is how many arguments a call must have, at least.
func (s *signature) fixed() int {
	if s.variadic {
		return len(s.params) - 1
	}
	return len(s.params)
}

// Short marks a Go function that is over within a microsecond and waits for nothing, to be handed to
// Python: it runs without giving up the GIL, which takes a quarter off the cost of a callback. It may call
// Python. If it waits for a goroutine that does, both wait for ever.
func Short(f any) any { return short{f} }

type short struct{ function any }

// short writes a function that keeps the GIL.
func (e *encoder) short(s short) error {
	v := reflect.ValueOf(s.function)
	if v.Kind() != reflect.Func {
		return fmt.Errorf("Short needs a function, not %T", s.function)
	}
	return e.function(v, capi.FuncShort)
}

// function writes a Go function as a Python callable.
func (e *encoder) function(v reflect.Value, flags uint64) error {
	if v.IsNil() {
		e.f.None()
		return nil
	}
	s := signatureOf(v.Type())
	id := process.values.add(&function{plain: v.Interface(), value: v, signature: s})
	e.f.Func(id, s.fixed(), s.flags|flags, s.depths, functionName(v), "A Go function: "+v.Type().String())
	return nil
}

func functionName(v reflect.Value) string {
	name := "function"
	if f := runtime.FuncForPC(v.Pointer()); f != nil {
		name = strings.TrimSuffix(f.Name(), "-fm")
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	return name
}

// invoke is called by Python's side, on the thread of the Python code that called, without the GIL.
func (r *Runtime) invoke(id uint64, args *capi.Reader, result *capi.Frame) {
	d := &decoder{runtime: r, words: args, rules: process.rules.Load()}
	if d.rules != nil {
		d.rules.attach(result)
	}
	f, is := process.values.get(id).(*function)
	if !is {
		positional, keywords := args.Keywords()
		d.skip(positional + 2*keywords)
		r.raise(result, errors.New("this Go function is gone"))
		return
	}
	mark := result.Mark()
	if err := r.guarded(f, d, result); err != nil {
		result.Rewind(mark)
		r.raise(result, err)
	}
}

// guarded calls the function. A panic must not go through the frames of C: it becomes an exception,
// and the same panic again where Python returns to Go.
func (r *Runtime) guarded(f *function, d *decoder, result *capi.Frame) (err error) {
	finished := false
	defer func() {
		if v := recover(); v != nil {
			err = newPanicError(v)
		} else if !finished {
			r.endGoroutine()
		}
	}()
	err = f.call(d, result)
	finished = true
	return err
}

// endGoroutine comes instead of the rest of a goroutine that runtime.Goexit is ending. If it went on,
// the runtime would give the stack of the C frames below to the next call of C, and Python would find
// its frames overwritten.
func (r *Runtime) endGoroutine() {
	if r.config.Goexit == nil {
		panic("pybridge: runtime.Goexit in a Go function that Python called")
	}
	if capi.ThreadID() != r.main {
		select {} // the thread is lost, but nobody needs this one in particular
	}
	capi.AbandonCallback()
	r.config.Goexit()
	panic("pybridge: Config.Goexit returned")
}

// InCallback reports whether the calling goroutine is in a Go function that Python called. What ends
// goroutines should call Goexit there instead of runtime.Goexit.
func InCallback() bool { return capi.InCallback() }

// Goexit ends the calling goroutine as runtime.Goexit does, and may be called in a Go function that
// Python called too. There it panics: the panic goes through Python in order, past the handlers for
// Exception, and where the goroutine's outermost call of Python returns to Go the goroutine ends.
func Goexit() {
	if InCallback() {
		panic(exiting{})
	}
	runtime.Goexit()
}

// exiting is the panic of Goexit.
type exiting struct{}

func (exiting) Error() string { return "the goroutine is ending" }

func (f *function) call(d *decoder, result *capi.Frame) error {
	positional, keywords := d.words.Keywords()
	if f.method != nil {
		receiver, err := f.receiver(d, positional, keywords)
		if err != nil {
			return err
		}
		return f.slow(d, positional-1, keywords, result, receiver)
	}
	if d.rules != nil {
		return f.slow(d, positional, keywords, result)
	}
	if done, err := f.fast(d, positional, keywords, result); done {
		return err
	}
	return f.slow(d, positional, keywords, result)
}

func (f *function) slow(d *decoder, positional, keywords int, result *capi.Frame, first ...reflect.Value) error {
	in, err := f.arguments(d, positional, keywords, first)
	if err != nil {
		return err
	}
	return f.results(d.runtime, f.value.Call(in), result)
}

// arguments reads what Python passed. On failure nothing is left unread.
func (f *function) arguments(d *decoder, positional, keywords int, first []reflect.Value) ([]reflect.Value, error) {
	s := f.signature
	if positional < s.fixed() || positional > s.fixed() && !s.variadic || keywords > 0 && !s.keywords {
		d.skip(positional + 2*keywords)
		return nil, f.arity(positional, keywords)
	}
	in := append(make([]reflect.Value, 0, len(first)+positional+2), first...)
	if s.context {
		in = append(in, reflect.ValueOf(context.Background()))
	}
	for i := range positional {
		v := reflect.New(s.param(i)).Elem()
		if err := d.whole(v); err != nil {
			return nil, &argumentError{fmt.Errorf("argument %d: %w", i+1, err)}
		}
		in = append(in, v)
	}
	if !s.keywords {
		return in, nil
	}
	kw, err := d.keywords(keywords)
	return append(in, reflect.ValueOf(kw)), err
}

func (s *signature) param(i int) reflect.Type {
	if s.variadic && i >= len(s.params)-1 {
		return s.params[len(s.params)-1].Elem()
	}
	return s.params[i]
}

func (d *decoder) keywords(n int) (Kw, error) {
	kw := make(Kw, n)
	for range n {
		_, length := d.words.Header()
		name := d.words.Text(length)
		v, err := d.any()
		if err != nil {
			return nil, &argumentError{d.fail(fmt.Errorf("argument %s: %w", name, err))}
		}
		kw[name] = v
	}
	return kw, nil
}

func (d *decoder) skip(values int) {
	for range values {
		d.words.Skip(dropLater)
	}
}

// An argumentError becomes a TypeError.
type argumentError struct{ err error }

func (a *argumentError) Error() string { return a.err.Error() }

func (f *function) arity(positional, keywords int) error {
	name := f.name()
	if keywords > 0 {
		return &argumentError{fmt.Errorf("%s() takes no keyword arguments", name)}
	}
	atLeast := ""
	if f.signature.variadic {
		atLeast = "at least "
	}
	return &argumentError{fmt.Errorf("%s() takes %s%d arguments, got %d", name, atLeast, f.signature.fixed(), positional)}
}

// results writes what the function returned: nothing is None, several values are a tuple.
func (f *function) results(r *Runtime, out []reflect.Value, result *capi.Frame) error {
	if f.signature.fails {
		last := out[len(out)-1]
		out = out[:len(out)-1]
		if !last.IsNil() {
			return last.Interface().(error)
		}
	}
	switch len(out) {
	case 0:
		result.None()
		return nil
	case 1:
		return r.encode(result, out[0].Interface())
	}
	values := make(Tuple, len(out))
	for i, v := range out {
		values[i] = v.Interface()
	}
	return r.encode(result, values)
}

// fast serves the types of function that Python calls most, without reflection.
func (f *function) fast(d *decoder, positional, keywords int, result *capi.Frame) (done bool, err error) {
	if keywords > 0 {
		return false, nil
	}
	switch fn := f.plain.(type) {
	case func():
		if positional == 0 {
			fn()
			result.None()
			return true, nil
		}
	case func(float64) float64:
		if positional == 1 && d.words.Peek() == capi.TagFloat {
			d.words.Header()
			result.Float(fn(d.words.Float()))
			return true, nil
		}
	case func(int) int:
		if positional == 1 && d.words.Peek() == capi.TagInt {
			d.words.Header()
			result.Int(int64(fn(int(d.words.Word()))))
			return true, nil
		}
	case func(float64, float64) float64:
		if positional == 2 && d.words.Peek() == capi.TagFloat && d.words.PeekSecond() == capi.TagFloat {
			d.words.Header()
			x := d.words.Float()
			d.words.Header()
			result.Float(fn(x, d.words.Float()))
			return true, nil
		}
	}
	return false, nil
}

// raise writes an error as the exception that Python gets.
func (r *Runtime) raise(result *capi.Frame, err error) {
	e := encoder{r: r, f: result}
	result.Raise()
	var panicked *panicError
	var argument *argumentError
	switch {
	case errors.As(err, &panicked):
		err = e.panicked(panicked)
	case errors.Is(err, errInterrupted):
		err = e.built(r.python.keyboardInterrupt)
	case errors.As(err, &argument):
		err = e.built(r.python.typeError, argument.Error())
	default:
		err = e.exception(err)
	}
	if err != nil {
		r.log.Error("raising a Go error in Python", "error", err)
	}
}
