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
	if r == nil || o.kind != capi.TagObject || o.word == 0 {
		return res, false
	}
	if len(args) > capi.MaxFew {
		return res, false
	}
	released.drain()
	var what uint64
	var words [capi.MaxFew]uint64
	for i, a := range args {
		tag, word := plain(a)
		if tag == 0 {
			return res, false
		}
		what += capi.FewArg(tag, i)
		words[i] = word
	}
	var h capi.Handle
	if step == capi.StepMethod || step == capi.StepGetAttr {
		if h = r.names.handle(name); h == 0 {
			return res, false
		}
	}
	res, ok = capi.RunFew(step, want, capi.Handle(o.word), h, what, words[0], words[1], words[2])
	runtime.KeepAlive(o)
	runtime.KeepAlive(args)
	return res, ok
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

// fewWanted reports whether v, a pointer, is to a type that fewInto reads.
func fewWanted(v any) bool {
	switch v.(type) {
	case *int, *string, *float64, *bool:
		return true
	}
	return false
}
