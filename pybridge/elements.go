package pybridge

import (
	"fmt"
	"reflect"
)

// elementsOf returns the map, slice or array that an object in Python stands for.
func elementsOf(v any) reflect.Value {
	value := reflect.ValueOf(v)
	if value.Kind() == reflect.Pointer {
		value = value.Elem()
	}
	return value
}

func lengthOf(v any) int { return elementsOf(v).Len() }

// mapAbilities are what collections.abc.MutableMapping is made of.
func mapAbilities() map[string]any {
	key := func(m reflect.Value, k *Object) (reflect.Value, error) {
		v := reflect.New(m.Type().Key()).Elem()
		if err := k.decodeInto(v); err != nil {
			return v, &argumentError{fmt.Errorf("key: %w", err)}
		}
		return v, nil
	}
	return map[string]any{
		"len": lengthOf,
		"keys": func(v any) []any {
			keys := []any{}
			for _, k := range sortedKeys(elementsOf(v)) {
				keys = append(keys, tupleOf(k))
			}
			return keys
		},
		"get": func(v any, k *Object) (found bool, value any, err error) {
			m := elementsOf(v)
			at, err := key(m, k)
			if err != nil {
				return false, nil, err
			}
			if e := m.MapIndex(at); e.IsValid() {
				return true, e.Interface(), nil
			}
			return false, nil, nil
		},
		"set": func(v any, k, value *Object) error {
			m := elementsOf(v)
			at, err := key(m, k)
			if err != nil {
				return err
			}
			e := reflect.New(m.Type().Elem()).Elem()
			if err := value.decodeInto(e); err != nil {
				return &argumentError{err}
			}
			if m.IsNil() && m.CanSet() {
				m.Set(reflect.MakeMap(m.Type()))
			}
			m.SetMapIndex(at, e)
			return nil
		},
		"delete": func(v any, k *Object) error {
			m := elementsOf(v)
			at, err := key(m, k)
			if err == nil {
				m.SetMapIndex(at, reflect.Value{})
			}
			return err
		},
	}
}

// tupleOf gives arrays as keys the form that they have in a dict.
func tupleOf(key reflect.Value) any {
	if key.Kind() != reflect.Array || isUUID(key.Type()) {
		return key.Interface()
	}
	t := make(Tuple, key.Len())
	for i := range t {
		t[i] = tupleOf(key.Index(i))
	}
	return t
}

// sequenceAbilities are what collections.abc.MutableSequence is made of. Python's side has checked the
// indices.
func sequenceAbilities(grows bool) map[string]any {
	all := map[string]any{
		"len": lengthOf,
		"get": func(v any, i int) any {
			e := elementsOf(v).Index(i)
			if e.Kind() == reflect.Struct && !isValue(e.Type()) && e.CanAddr() {
				return e.Addr().Interface()
			}
			return e.Interface()
		},
		"set": func(v any, i int, value *Object) error {
			if err := value.decodeInto(elementsOf(v).Index(i)); err != nil {
				return &argumentError{inside(fmt.Sprintf("[%d]", i), err)}
			}
			return nil
		},
	}
	if grows {
		all["insert"], all["delete"] = insertElement, deleteElement
	}
	return all
}

func insertElement(v any, i int, value *Object) error {
	s := elementsOf(v)
	e := reflect.New(s.Type().Elem()).Elem()
	if err := value.decodeInto(e); err != nil {
		return &argumentError{err}
	}
	s.Set(reflect.Append(s, e))
	reflect.Copy(s.Slice(i+1, s.Len()), s.Slice(i, s.Len()-1))
	s.Index(i).Set(e)
	return nil
}

func deleteElement(v any, i int) {
	s := elementsOf(v)
	reflect.Copy(s.Slice(i, s.Len()-1), s.Slice(i+1, s.Len()))
	s.Index(s.Len() - 1).SetZero()
	s.SetLen(s.Len() - 1)
}
