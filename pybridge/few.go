package pybridge

import (
	"math"
	"runtime"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// few runs a step whose arguments are few and plain, which is most of them, the short way: nothing is
// written to memory. It reports false when it takes a frame.
func (o *Object) few(step capi.Step, name string, args []any, want capi.Want) (res capi.Result, ok bool) {
	r := process.runtime.Load()
	if r == nil || len(args) > capi.MaxFew || o.converters(r) != nil {
		return res, false
	}
	var p plainArgs
	var kw Kw
	positional := args
	switch step {
	case capi.StepMethod, capi.StepGetAttr:
		if p.name = process.names.handle(name); p.name == 0 {
			return res, false
		}
	case capi.StepCall:
		positional, kw = splitKw(args)
	}
	if len(positional) > 0 && !p.add(positional) || len(kw) > 0 && !p.addKeywords(r, kw) {
		return res, false
	}
	res, ok = o.runFew(step, want, &p)
	runtime.KeepAlive(args)
	return res, ok
}

func (o *Object) runFew(step capi.Step, want capi.Want, p *plainArgs) (res capi.Result, ok bool) {
	if o.kind != capi.TagObject || o.word == 0 || o.rules != nil {
		return res, false
	}
	released.drain()
	res, ok = capi.RunFew(step, want, capi.Handle(o.word), p.name, p.what, &p.words)
	runtime.KeepAlive(o)
	return res, ok
}

// plainArgs are arguments as words.
type plainArgs struct {
	name  capi.Handle // of a method or an attribute, or the names of keywords
	what  uint64
	words [capi.MaxFew]uint64
	n     int
}

// add reports false for an argument that is not plain.
func (p *plainArgs) add(args []any) bool {
	for _, a := range args {
		if tag, word := plain(a); !p.put(tag, word) {
			return false
		}
	}
	return true
}

func (p *plainArgs) put(tag capi.Tag, word uint64) bool {
	if tag == 0 || p.n == capi.MaxFew {
		return false
	}
	p.what += capi.FewArg(tag, p.n)
	p.words[p.n] = word
	p.n++
	return true
}

// addPointer adds what a pointer leads to, if it is to one of the plainest types.
func (p *plainArgs) addPointer(a any) bool {
	switch a := a.(type) {
	case *int:
		return p.put(capi.TagInt, uint64(*a))
	case *float64:
		return p.put(capi.TagFloat, math.Float64bits(*a))
	case *string:
		return p.put(capi.FewText(*a))
	}
	return false
}

func (p *plainArgs) addKeywords(r *Runtime, kw Kw) bool {
	if p.n+len(kw) > capi.MaxFew {
		return false
	}
	var values [fewKeywords]any
	k := r.arrange(kw, &values)
	if k == nil {
		return false
	}
	p.name = k.tuple
	p.what += capi.FewKeywords(len(kw))
	return p.add(values[:len(kw)])
}

// plain returns an argument as a tag and a word; the tag is 0 if it takes more.
func plain(arg any) (tag capi.Tag, word uint64) {
	switch v := arg.(type) {
	case int:
		return capi.TagInt, uint64(v)
	case float64:
		return capi.TagFloat, math.Float64bits(v)
	case bool:
		if v {
			return capi.TagTrue, 0
		}
		return capi.TagFalse, 0
	case string:
		return capi.FewText(v)
	case nil:
		return capi.TagNone, 0
	case *Object:
		if v != nil && (v.kind != capi.TagObject || v.word != 0) {
			return v.kind, v.word
		}
	}
	return 0, 0
}

// fewResult takes a result as an object.
func fewResult(res capi.Result) (*Object, error) {
	switch res.Kind() {
	case capi.TagNone:
		return None, nil
	case capi.TagObject:
		return newObject(capi.Handle(res.Word())), nil
	case capi.TagInt, capi.TagFloat:
		return &Object{kind: res.Kind(), word: res.Word()}, nil
	}
	f := res.Frame()
	defer f.Free()
	return result(f)
}

// fewAs reads a result into a Go type.
func fewAs[T any](res capi.Result) (T, error) {
	var v T
	if fewInto(res, &v) {
		return v, nil
	}
	rest := new(T) // not v, which then stays on the stack
	err := restInto(res, rest)
	return *rest, err
}

// fewInto reads a result into the plain types. It reports false for all that takes a frame.
func fewInto(res capi.Result, into any) bool {
	kind := res.Kind()
	switch p := into.(type) {
	case *int:
		if kind == capi.TagInt {
			*p = int(res.Word())
			return true
		}
	case *string:
		if kind == capi.TagStr {
			*p = res.Text()
			return true
		}
	case *float64:
		if kind == capi.TagFloat {
			*p = res.Number()
			return true
		}
	case *bool:
		if kind == capi.TagTrue || kind == capi.TagFalse {
			*p = kind == capi.TagTrue
			return true
		}
	}
	return false
}

// restInto reads a result that is not as plain as it was thought to be.
func restInto(res capi.Result, into any) error {
	f := res.Frame()
	defer f.Free()
	return scanInto(f, into)
}

// fewWanted reports whether fewInto reads a type.
func fewWanted[T any]() bool {
	switch any((*T)(nil)).(type) {
	case *int, *string, *float64, *bool:
		return true
	}
	return false
}
