package pybridge

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// sequence reads a slice or an array: from a list, tuple or set item by item, from bytes, and from
// whatever lends its memory.
func (d *decoder) sequence(v reflect.Value) error {
	switch d.nextExt() {
	case extSubclass, extBytes:
		d.unwrap()
	case extNumber:
		if d.behindExt() == capi.TagBytes {
			d.unwrap()
		}
	case extNamed:
		return d.named(v)
	case extUUID:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			d.unwrap()
			d.words.Header()
			d.skip(1) // its text
		}
	case extRange:
		return d.ranged(v)
	}
	switch d.words.Peek() {
	case capi.TagNone:
		if v.Kind() == reflect.Slice {
			d.words.Header()
			v.SetZero()
			return nil
		}
	case capi.TagBytes:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return d.bytes(v)
		}
	case capi.TagList, capi.TagTuple, capi.TagSet, capi.TagFrozenSet:
		return d.items(v)
	case capi.TagObject:
		return d.opened(v)
	}
	return d.mismatch(v.Type())
}

func (d *decoder) bytes(v reflect.Value) error {
	_, n := d.words.Header()
	b := d.words.Bytes(n)
	if v.Kind() == reflect.Slice {
		v.Set(reflect.ValueOf(b).Convert(v.Type()))
		return nil
	}
	if v.Len() != n {
		return d.fail(fmt.Errorf("want %d bytes, got %d", v.Len(), n))
	}
	reflect.Copy(v, reflect.ValueOf(b))
	return nil
}

func (d *decoder) items(v reflect.Value) error {
	_, n := d.words.Header()
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		if d.plainItems(v.Addr().Interface()) {
			return nil
		}
	} else if v.Len() != n {
		return d.fail(fmt.Errorf("want %d items, got %d", v.Len(), n))
	}
	for i := range n {
		if err := d.value(v.Index(i)); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

// plainItems reads the items of a list into the plainest slices without reflection, if they are all of
// the one kind; if not, it reads nothing.
func (d *decoder) plainItems(slice any) bool {
	switch s := slice.(type) {
	case *[]float64:
		return d.words.Floats(*s)
	case *[]int:
		return d.words.Ints(*s)
	case *[]string:
		return d.words.Texts(*s)
	}
	return false
}

// opened reads what is behind a reference: a container that objectDepth kept from being copied for
// the sake of another part of the type, or an array.
func (d *decoder) opened(v reflect.Value) error {
	d.words.Header()
	o := newObject(capi.Handle(d.words.Word()))
	defer o.Close()
	o.rules = d.rules
	if err := d.open(o, v); err != nil {
		return d.fail(err)
	}
	return nil
}

func (d *decoder) open(o *Object, v reflect.Value) error {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.export(f, v.Type()); err != nil {
		return err
	}
	if err := failure(f); err != nil {
		return err
	}
	words := f.Value()
	if words.Peek() != capi.TagObject {
		deeper := decoder{runtime: d.runtime, words: words, rules: d.rules}
		return deeper.value(v)
	}
	words.Skip(dropLater)
	return d.copyElements(o, v)
}

func (d *decoder) copyElements(o *Object, v reflect.Value) error {
	want := innermost(v.Type())
	if want == timeType || want == durationType {
		if done, err := d.copyMoments(o, v); done || err != nil {
			return err
		}
	}
	b, err := d.runtime.openBuffer(o, false)
	if err == nil {
		defer b.close()
		if len(b.shape) > 0 != (v.Kind() == reflect.Slice || v.Kind() == reflect.Array) {
			return d.notThat(o, v)
		}
		if elem, err := b.element(); err == nil && elem.copiesTo(want) {
			return b.copyTo(v, elem)
		}
	}
	// Arrays of objects, of dates, and to any: as a list, which Python makes.
	list, listErr := o.Method("tolist")
	if listErr != nil || list.kind == capi.TagObject && list.Is(o) {
		return d.notThat(o, v)
	}
	defer list.Close()
	return list.decodeInto(v)
}

func (d *decoder) notThat(o *Object, v reflect.Value) error {
	name, err := d.runtime.typeName(o)
	if err != nil {
		return err
	}
	return fmt.Errorf("want %v, got %s", v.Type(), name)
}

// named reads the items of a namedtuple, without their names.
func (d *decoder) named(v reflect.Value) error {
	d.unwrap()
	_, n := d.words.Header()
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	} else if v.Len() != n {
		return d.fail(fmt.Errorf("want %d items, got %d", v.Len(), n))
	}
	for i := range n {
		d.skip(1)
		if err := d.value(v.Index(i)); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

// ranged reads the numbers of a range.
func (d *decoder) ranged(v reflect.Value) error {
	_, _ = d.words.Header()
	o := newObject(capi.Handle(d.words.Word()))
	defer o.Close()
	d.skip(1)
	list, err := d.runtime.python.list.Call(o)
	if err != nil {
		return d.fail(err)
	}
	defer list.Close()
	if err := list.decodeInto(v); err != nil {
		return d.fail(err)
	}
	return nil
}

// mapping reads a map from a dict, or a set into a map to empty structs.
func (d *decoder) mapping(v reflect.Value) error {
	d.unwrapDict()
	tag := d.words.Peek()
	isSet := v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem().NumField() == 0
	switch {
	case tag == capi.TagNone:
		d.words.Header()
		v.SetZero()
		return nil
	case tag == capi.TagDict && !isSet, (tag == capi.TagSet || tag == capi.TagFrozenSet) && isSet:
		return d.pairs(v, isSet)
	case tag == capi.TagObject:
		return d.opened(v)
	}
	return d.mismatch(v.Type())
}

func (d *decoder) pairs(v reflect.Value, isSet bool) error {
	_, n := d.words.Header()
	m := reflect.MakeMapWithSize(v.Type(), n)
	v.Set(m)
	switch p := m.Interface().(type) {
	case map[string]int:
		return plainPairs(d, p, n, d.plainInt)
	case map[string]float64:
		return plainPairs(d, p, n, d.plainFloat)
	case map[string]string:
		return plainPairs(d, p, n, d.plainText)
	}
	key := reflect.New(v.Type().Key()).Elem()
	value := reflect.New(v.Type().Elem()).Elem()
	for range n {
		key.SetZero()
		if err := d.value(key); err != nil {
			return inside(" key", err)
		}
		if !key.Comparable() {
			return d.fail(fmt.Errorf("a %v cannot be the key of a map; use Dict", key.Elem().Type()))
		}
		value.SetZero()
		if !isSet {
			if err := d.value(value); err != nil {
				return inside(fmt.Sprintf("[%v]", key), err)
			}
		}
		m.SetMapIndex(key, value)
	}
	return nil
}

// plainPairs reads a map of the plainest types without reflection, but for values that are not as plain.
func plainPairs[V any](d *decoder, m map[string]V, n int, plain func() (V, bool)) error {
	for range n {
		key, ok := d.plainText()
		if !ok {
			other := new(string) // not key, which then stays on the stack
			if err := d.value(reflect.ValueOf(other).Elem()); err != nil {
				return inside(" key", err)
			}
			key = *other
		}
		value, ok := plain()
		if !ok {
			other := new(V)
			if err := d.value(reflect.ValueOf(other).Elem()); err != nil {
				return inside(fmt.Sprintf("[%v]", key), err)
			}
			value = *other
		}
		m[key] = value
	}
	return nil
}

func (d *decoder) plainText() (string, bool) {
	if d.words.Peek() != capi.TagStr {
		return "", false
	}
	_, n := d.words.Header()
	return d.words.Text(n), true
}

func (d *decoder) plainInt() (int, bool) {
	if d.words.Peek() != capi.TagInt {
		return 0, false
	}
	d.words.Header()
	return int(d.words.Word()), true
}

func (d *decoder) plainFloat() (float64, bool) {
	if d.words.Peek() != capi.TagFloat {
		return 0, false
	}
	d.words.Header()
	return d.words.Float(), true
}

// structure reads a struct from a dict or from the fields of a dataclass. Keys without a field are
// passed over, fields without a key keep what they have.
func (d *decoder) structure(v reflect.Value) error {
	d.unwrapDict()
	switch d.words.Peek() {
	case capi.TagObject:
		return d.opened(v)
	case capi.TagDict:
	default:
		return d.mismatch(v.Type())
	}
	known := fieldsOf(v.Type())
	exact := map[int]bool{} // fields whose own name came; another spelling of it does not change them
	_, n := d.words.Header()
	for range n {
		if d.words.Peek() != capi.TagStr {
			d.words.Skip(dropLater)
			d.words.Skip(dropLater)
			continue
		}
		_, length := d.words.Header()
		name := d.words.Text(length)
		at := fieldNamed(known, name)
		if at < 0 || exact[at] {
			d.words.Skip(dropLater)
			continue
		}
		if known[at].name == name {
			exact[at] = true
		}
		if err := d.value(settable(v, known[at].index)); err != nil {
			return inside("."+name, err)
		}
	}
	return nil
}

func (d *decoder) unwrapDict() {
	switch d.nextExt() {
	case extSubclass, extFields, extNamed:
		d.unwrap()
	}
}

// fieldNamed is where the field stands that a name of Python means, or -1.
func fieldNamed(known []field, name string) int {
	return meant(known, func(f field) string { return f.name }, name)
}

// meant is where that stands which a name means on the other side, or -1: what has that name, or else the first
// that is spelled so but for capital letters and underscores, as FirstName is first_name.
func meant[T any](all []T, nameOf func(T) string, name string) int {
	if at := slices.IndexFunc(all, func(v T) bool { return nameOf(v) == name }); at >= 0 {
		return at
	}
	return slices.IndexFunc(all, func(v T) bool { return spelledAlike(nameOf(v), name) })
}

func spelledAlike(a, b string) bool {
	return strings.EqualFold(strings.ReplaceAll(a, "_", ""), strings.ReplaceAll(b, "_", ""))
}

// settable goes to a field, making what pointers on the way lead to.
func settable(v reflect.Value, index []int) reflect.Value {
	for i, x := range index {
		if i > 0 && v.Kind() == reflect.Pointer {
			if v.IsNil() {
				v.Set(reflect.New(v.Type().Elem()))
			}
			v = v.Elem()
		}
		v = v.Field(x)
	}
	return v
}
