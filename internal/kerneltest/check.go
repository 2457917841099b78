package kerneltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A check says what is wrong with a JSON value.
type check func(any) error

// A field checks one field of an object, which may be missing.
type field func(map[string]any) error

func object(fields ...field) check {
	return func(v any) error {
		o, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%v is not an object", v)
		}
		for _, f := range fields {
			if err := f(o); err != nil {
				return err
			}
		}
		return nil
	}
}

func required(name string, c check) field {
	return func(o map[string]any) error {
		v, ok := o[name]
		if !ok {
			return fmt.Errorf("%s is missing", name)
		}
		if err := c(v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
}

func optional(name string, c check) field {
	return func(o map[string]any) error {
		if _, ok := o[name]; !ok {
			return nil
		}
		return required(name, c)(o)
	}
}

func failure(o map[string]any) error {
	return object(required("ename", text), required("evalue", text), required("traceback", list(text)))(o)
}

func kind(is func(any) bool, name string) check {
	return func(v any) error {
		if !is(v) {
			return fmt.Errorf("%v is not %s", v, name)
		}
		return nil
	}
}

var (
	anything = kind(func(v any) bool { return v != nil }, "there")
	text     = kind(func(v any) bool { _, ok := v.(string); return ok }, "text")
	boolean  = kind(func(v any) bool { _, ok := v.(bool); return ok }, "a boolean")
	integer  = kind(func(v any) bool {
		n, ok := v.(json.Number)
		return ok && !strings.ContainsAny(n.String(), ".eE")
	}, "an integer")
	date = kind(func(v any) bool {
		s, _ := v.(string)
		_, err := time.Parse(time.RFC3339Nano, s)
		return err == nil && strings.Contains(s, ".")
	}, "a date with a fraction and a time zone")
	version = matching(`^\d+\.\d+$`)
	// bundle allows no parameters in MIME types, as the conformance suite does not.
	bundle = func(v any) error {
		if err := values(anything)(v); err != nil {
			return err
		}
		for mime, data := range v.(map[string]any) {
			if !mimeType.MatchString(mime) {
				return fmt.Errorf("%q is not a MIME type", mime)
			}
			if _, ok := data.(string); !ok && !strings.HasSuffix(mime, "json") {
				return fmt.Errorf("%s is not text", mime)
			}
		}
		return nil
	}
	// shown is a bundle that every front end can show.
	shown = func(v any) error {
		if err := bundle(v); err != nil {
			return err
		}
		return object(required("text/plain", text))(v)
	}
)

var mimeType = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)

func matching(pattern string) check {
	re := regexp.MustCompile(pattern)
	return kind(func(v any) bool { s, ok := v.(string); return ok && re.MatchString(s) }, "like "+pattern)
}

func oneOf(names ...string) check {
	return kind(func(v any) bool {
		for _, n := range names {
			if v == n {
				return true
			}
		}
		return false
	}, "one of "+strings.Join(names, ", "))
}

func list(c check) check {
	return func(v any) error {
		l, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%v is not a list", v)
		}
		for i, item := range l {
			if err := c(item); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		return nil
	}
}

func values(c check) check {
	return func(v any) error {
		o, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%v is not an object", v)
		}
		for name, item := range o {
			if err := c(item); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
}

func historyEntry(v any) error {
	l, ok := v.([]any)
	if !ok || len(l) != 3 || integer(l[0]) != nil || integer(l[1]) != nil {
		return fmt.Errorf("%v is not a history entry", v)
	}
	if pair, ok := l[2].([]any); ok {
		if len(pair) != 2 {
			return fmt.Errorf("%v is not input and output", pair)
		}
		return text(pair[0])
	}
	return text(l[2])
}

// decoded keeps integers apart from other numbers; what is not JSON is nil.
func decoded(data []byte) any {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}
