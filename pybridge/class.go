package pybridge

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// classOf returns the Python class of a Go type. It is made when it is first asked for, and stays.
func (r *Runtime) classOf(t reflect.Type) (*Object, error) {
	if class, found := process.classes.Load(t); found {
		return class.(*Object), nil
	}
	class, err := r.newClass(t)
	if err != nil {
		return nil, err
	}
	kept, _ := process.classes.LoadOrStore(t, class)
	return kept.(*Object), nil
}

// newClass hands Python what reflection knows of a type.
func (r *Runtime) newClass(t reflect.Type) (*Object, error) {
	make, err := r.helper("gopy_kernel.proxies", "make_class")
	if err != nil {
		return nil, err
	}
	f := capi.NewFrame()
	defer f.Free()
	e := encoder{r: r, f: f}
	make.put(f)
	f.Call(capi.StepCall, 5, 0)
	f.Str(className(t))
	f.Str(t.String())
	if err := e.methods(t); err != nil {
		return nil, err
	}
	if err := e.value(fieldNames(t)); err != nil {
		return nil, err
	}
	if err := e.value(abilities(t)); err != nil {
		return nil, err
	}
	f.Run(capi.WantHandle)
	return result(f)
}

// className is the name of the type without its package and without what is no part of a Python name.
func className(t reflect.Type) string {
	for t.Kind() == reflect.Pointer && t.Name() == "" {
		t = t.Elem()
	}
	if name, _, _ := strings.Cut(t.Name(), "["); name != "" {
		return name
	}
	return "Go" + strings.ToUpper(t.Kind().String()[:1]) + t.Kind().String()[1:]
}

// methods writes a dict of the methods by their names.
func (e *encoder) methods(t reflect.Type) error {
	e.f.Container(capi.TagDict, t.NumMethod())
	for i := range t.NumMethod() {
		m := t.Method(i)
		e.f.Str(m.Name)
		e.method(t, m)
	}
	return nil
}

func fieldNames(t reflect.Type) []any {
	names := []any{}
	if t.Kind() == reflect.Pointer && t.Elem().Kind() == reflect.Struct {
		for _, f := range fieldsOf(t.Elem()) {
			names = append(names, f.name)
		}
	}
	return names
}

// abilities are the functions behind what the Python class offers beside methods, by the name under
// which proxies.py knows them.
func abilities(t reflect.Type) map[string]any {
	all := map[string]any{"describe": describeValue}
	for name, method := range idioms(t) {
		all[name] = method
	}
	if t.Implements(reflect.TypeFor[io.Reader]()) {
		all["read"] = readSome
	}
	if t.Kind() == reflect.Map {
		all["map"] = mapAbilities()
		return all
	}
	switch t.Elem().Kind() {
	case reflect.Struct:
		all["get_field"], all["set_field"] = getField, setField
		all["new"] = func() any { return reflect.New(t.Elem()).Interface() }
	case reflect.Map:
		all["map"] = mapAbilities()
	case reflect.Slice, reflect.Array:
		all["sequence"] = sequenceAbilities(t.Elem().Kind() == reflect.Slice)
	}
	return all
}

// idioms finds methods with which Go types say what Python has syntax for.
func idioms(t reflect.Type) map[string]any {
	found := map[string]any{}
	for name, idiom := range map[string]struct {
		method  string
		matches func(m reflect.Type) bool
	}{
		"str":      {"String", func(m reflect.Type) bool { return like[func() string](m) }},
		"len":      {"Len", func(m reflect.Type) bool { return like[func() int](m) }},
		"iter":     {"All", func(m reflect.Type) bool { return m.NumIn() == 0 && m.NumOut() == 1 && isSequence(m.Out(0)) }},
		"close":    {"Close", func(m reflect.Type) bool { return like[func() error](m) || like[func()](m) }},
		"equal":    {"Equal", func(m reflect.Type) bool { return m.NumIn() == 1 && m.NumOut() == 1 && m.Out(0).Kind() == reflect.Bool }},
		"compare":  {"Compare", func(m reflect.Type) bool { return m.NumIn() == 1 && m.NumOut() == 1 && m.Out(0).Kind() == reflect.Int }},
		"write":    {"Write", func(m reflect.Type) bool { return like[func([]byte) (int, error)](m) }},
		"get_attr": {"PyGetAttr", func(m reflect.Type) bool { return m.NumIn() == 1 }},
		"set_attr": {"PySetAttr", func(m reflect.Type) bool { return m.NumIn() == 2 }},
	} {
		m, has := t.MethodByName(idiom.method)
		if has && idiom.matches(reflect.Zero(t).Method(m.Index).Type()) {
			found[name] = idiom.method
		}
	}
	return found
}

func like[F any](t reflect.Type) bool { return t == reflect.TypeFor[F]() }

// describeValue is the repr of an object that stands for a Go value.
func describeValue(v any) string {
	const enough = 200
	text := ""
	if s, is := v.(fmt.Stringer); is {
		text = s.String()
	} else if value := reflect.ValueOf(v); value.Kind() == reflect.Pointer {
		text = fmt.Sprintf("%+v", value.Elem())
	} else {
		text = fmt.Sprintf("%+v", v)
	}
	if len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "") + "…"
	}
	return fmt.Sprintf("<%T %s>", v, text)
}

// readSome reads at most n bytes; none are the end.
func readSome(r io.Reader, n int) ([]byte, error) {
	buffer := make([]byte, n)
	for {
		got, err := r.Read(buffer)
		if got > 0 {
			return buffer[:got], nil // an error comes again
		}
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
	}
}

// getField reads a field of a struct. One that is a struct itself stays part of the outer one.
func getField(v any, index int) (any, error) {
	s := reflect.ValueOf(v).Elem()
	f, ok := fieldByIndex(s, fieldsOf(s.Type())[index].index)
	switch {
	case !ok:
		return nil, nil
	case f.Kind() == reflect.Struct && !isValue(f.Type()), f.Kind() == reflect.Array && elementFormat(f.Type().Elem()) != "":
		return f.Addr().Interface(), nil
	}
	return f.Interface(), nil
}

func setField(v any, index int, value *Object) error {
	s := reflect.ValueOf(v).Elem()
	f := fieldsOf(s.Type())[index]
	if err := value.decodeInto(settable(s, f.index)); err != nil {
		return &argumentError{inside("."+f.name, err)}
	}
	return nil
}
