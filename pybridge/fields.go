package pybridge

import (
	"reflect"
	"strings"
	"sync"
)

var stringType = reflect.TypeFor[string]()

// A field is one entry of the dict that a struct becomes.
type field struct {
	name      string
	index     []int
	omitEmpty bool
}

// fields caches, by type, what a struct becomes; a pure function of the type.
var fields sync.Map

// fieldsOf lists the exported fields of a struct. The tag `py:"name,omitempty"` renames one, "-"
// leaves it out. The fields of embedded structs stand among those of the outer one.
func fieldsOf(t reflect.Type) []field {
	if cached, found := fields.Load(t); found {
		return cached.([]field)
	}
	list := collectFields(t)
	fields.Store(t, list)
	return list
}

func collectFields(t reflect.Type) []field {
	var list []field
	for _, sf := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(sf.Tag.Get("py"), ",")
		if !sf.IsExported() || name == "-" || hidden(t, sf) {
			continue
		}
		if sf.Anonymous && name == "" && isStruct(sf.Type) {
			continue // its fields are listed instead
		}
		if name == "" {
			name = sf.Name
		}
		list = append(list, field{name: name, index: sf.Index, omitEmpty: options == "omitempty"})
	}
	return list
}

// hidden reports whether a promoted field comes out of an embedded struct that has a name of its own
// in Python, or that is left out.
func hidden(t reflect.Type, sf reflect.StructField) bool {
	for depth := 1; depth < len(sf.Index); depth++ {
		outer := t.FieldByIndex(sf.Index[:depth])
		if outer.Tag.Get("py") != "" {
			return true
		}
	}
	return false
}

func isStruct(t reflect.Type) bool {
	return t.Kind() == reflect.Struct || t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct
}

// fieldByIndex is like reflect's, but has an answer for a nil pointer on the way.
func fieldByIndex(v reflect.Value, index []int) (reflect.Value, bool) {
	for i, x := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return reflect.Value{}, false
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v, true
}
