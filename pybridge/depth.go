package pybridge

import (
	"reflect"
	"sync"
)

// depths caches objectDepth: a pure function of the type.
var depths sync.Map

// isObject reports whether a type is *Object, also under another name, as the face for cells has it, or stands for a
// class.
func isObject(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer:
		return t == objectType || t.Elem().Kind() == reflect.Struct && t.ConvertibleTo(objectType)
	case reflect.Struct:
		return t.NumField() == 1 && isWrapper(t)
	}
	return false
}

// objectDepth says in how many containers the outermost *Object in a type is, -1 if there is none.
// Python's containers that deep are not copied for Go, because an Object is the thing itself.
func objectDepth(t reflect.Type) int {
	if cached, found := depths.Load(t); found {
		return cached.(int)
	}
	depth := findObject(t, map[reflect.Type]bool{})
	depths.Store(t, depth)
	return depth
}

func findObject(t reflect.Type, seen map[reflect.Type]bool) int {
	if isObject(t) || isSequence(t) {
		return 0
	}
	if seen[t] {
		return -1
	}
	seen[t] = true
	defer delete(seen, t)
	var parts []reflect.Type
	switch t.Kind() {
	case reflect.Pointer:
		return findObject(t.Elem(), seen)
	case reflect.Slice, reflect.Array:
		parts = append(parts, t.Elem())
	case reflect.Map:
		parts = append(parts, t.Key(), t.Elem())
	case reflect.Struct:
		for _, f := range fieldsOf(t) {
			parts = append(parts, t.FieldByIndex(f.index).Type)
		}
	}
	least := -1
	for _, p := range parts {
		if d := findObject(p, seen); d >= 0 && (least < 0 || d+1 < least) {
			least = d + 1
		}
	}
	return least
}
