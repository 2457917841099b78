package messaging

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

var errNotUTF8 = errors.New("text is not UTF-8")

// Encode writes v as JSON without escaping <, > and &: HTML travels in these messages, and
// json.Marshal would make it a third longer and unreadable in a log.
func Encode(v any) (json.RawMessage, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// Decode reads the content of m into a T. Unknown fields are ignored, a field that T demands and
// the content has not, or has as null, is an error, and one that T has a default for keeps it.
func Decode[T any](m *Message) (T, error) {
	var v T
	if d, ok := any(&v).(interface{ setDefaults() }); ok {
		d.setDefaults()
	}
	var required []string
	if r, ok := any(v).(interface{ required() []string }); ok {
		required = r.required()
	}
	if err := requireFields(m.Content, required...); err != nil {
		return v, fmt.Errorf("content of %s: %w", m.Header.Type, err)
	}
	if err := json.Unmarshal(m.Content, &v); err != nil {
		return v, fmt.Errorf("content of %s: %w", m.Header.Type, err)
	}
	return v, nil
}

// requireFields checks that data is a JSON object in UTF-8 with the named fields.
// encoding/json by itself would replace bad UTF-8 silently and take a missing field for an empty one.
func requireFields(data []byte, names ...string) error {
	if !utf8.Valid(data) {
		return errNotUTF8
	}
	if c := bytes.TrimLeft(data, " \t\r\n"); len(c) == 0 || c[0] != '{' {
		return errors.New("not a JSON object")
	}
	if len(names) == 0 {
		if !json.Valid(data) {
			return errors.New("not valid JSON")
		}
		return nil
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(data, &fields); err != nil {
		return err
	}
	for _, name := range names {
		if v, ok := fields[name]; !ok || string(v) == "null" {
			return fmt.Errorf("field %q is missing", name)
		}
	}
	return nil
}

// orEmpty and orNone keep null out of messages: front ends and notebook validation want an object
// or a list, even an empty one.
func orEmpty[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

func orNone[V any](l []V) []V {
	if l == nil {
		return []V{}
	}
	return l
}
