package display

import (
	"fmt"
	"reflect"
	"sync/atomic"
	"time"
)

// A form says which method gave a value's own text.
type form int

const (
	noForm     form = iota
	errorForm       // Error
	stringForm      // String, or a type that is treated as if it had one
	goForm          // GoString: Go syntax already
)

var (
	errorType      = reflect.TypeFor[error]()
	stringerType   = reflect.TypeFor[fmt.Stringer]()
	goStringerType = reflect.TypeFor[fmt.GoStringer]()
	formatterType  = reflect.TypeFor[fmt.Formatter]()
	timeType       = reflect.TypeFor[time.Time]()
)

// formOf says how values of type t say what they are, in the order that fmt asks.
func formOf(t reflect.Type) form {
	switch {
	case t.Kind() == reflect.Interface:
		return noForm
	case t.Implements(errorType):
		return errorForm
	case t.Implements(stringerType):
		return stringForm
	case t.Implements(goStringerType):
		return goForm
	case t.Implements(formatterType):
		return stringForm
	case isPlainValue(t) && reflect.PointerTo(t).Implements(stringerType):
		return stringForm
	case isAtomic(t):
		return stringForm
	}
	return noForm
}

// isPlainValue reports whether t is of a package whose types have String with a pointer receiver
// but are used as plain values too: big.Int, url.URL, strings.Builder, bytes.Buffer. For any other
// type such a method is not called on a field, as fmt does not: it might take a lock of which the
// field holds a copy.
func isPlainValue(t reflect.Type) bool {
	switch t.PkgPath() {
	case "math/big", "net/url", "strings", "bytes":
		return true
	}
	return false
}

// ownText is what v says about itself. A method that panics gives noForm and a note about it;
// nil pointers are not asked.
func ownText(v reflect.Value) (text string, f form, note string) {
	f = formOf(v.Type())
	if f == noForm || v.Kind() == reflect.Pointer && v.IsNil() {
		return "", noForm, ""
	}
	note = guard(methodName(f), func() { text = callOwn(v, f) })
	if note != "" {
		return "", noForm, note
	}
	return text, f, ""
}

func methodName(f form) string {
	switch f {
	case errorForm:
		return "Error"
	case goForm:
		return "GoString"
	}
	return "String"
}

func callOwn(v reflect.Value, f form) string {
	if v.Type() == timeType {
		// Without the reading of the monotonic clock, which is noise to a reader.
		return v.Interface().(time.Time).Round(0).String()
	}
	t := v.Type()
	if f == stringForm && !t.Implements(stringerType) && !t.Implements(formatterType) {
		v = addressable(v).Addr()
	}
	switch x := v.Interface().(type) {
	case error:
		return x.Error()
	case fmt.Stringer:
		return x.String()
	case fmt.GoStringer:
		return x.GoString()
	case fmt.Formatter:
		return fmt.Sprintf("%v", x)
	default:
		return atomicText(x)
	}
}

// isAtomic reports whether t is one of the types of sync/atomic that atomicText can load.
func isAtomic(t reflect.Type) bool {
	if t.PkgPath() != "sync/atomic" {
		return false
	}
	switch t.Name() {
	case "Bool", "Int32", "Int64", "Uint32", "Uint64":
		return true
	}
	return false
}

// atomicText loads counters as they are meant to be loaded: others may be writing them.
func atomicText(x any) string {
	switch x := x.(type) {
	case *atomic.Bool:
		return fmt.Sprint(x.Load())
	case *atomic.Int32:
		return fmt.Sprint(x.Load())
	case *atomic.Int64:
		return fmt.Sprint(x.Load())
	case *atomic.Uint32:
		return fmt.Sprint(x.Load())
	case *atomic.Uint64:
		return fmt.Sprint(x.Load())
	}
	return ""
}

// guard calls a method of a value and turns a panic in it into a note for the reader.
func guard(method string, call func()) (note string) {
	defer func() {
		if r := recover(); r != nil {
			note = "(" + method + " method panicked: " + panicText(r) + ")"
		}
	}()
	call()
	return ""
}

// panicText is careful: what was thrown may be an error whose own method panics.
func panicText(r any) (text string) {
	defer func() {
		if recover() != nil {
			text = fmt.Sprintf("a %T", r)
		}
	}()
	text, _ = clip(fmt.Sprint(r), maxString)
	return text
}
