package pybridge

import (
	"encoding/hex"
	"iter"
	"reflect"
)

// A Range is Python's range. A Step of 0 is 1.
type Range struct {
	Start, Stop, Step int
}

func (r Range) step() int {
	if r.Step == 0 {
		return 1
	}
	return r.Step
}

// Len returns how many numbers there are.
func (r Range) Len() int {
	switch step := r.step(); {
	case step > 0 && r.Start < r.Stop:
		return int((uint(r.Stop)-uint(r.Start)-1)/uint(step)) + 1
	case step < 0 && r.Start > r.Stop:
		return int((uint(r.Start)-uint(r.Stop)-1)/-uint(step)) + 1
	}
	return 0
}

// All yields the numbers.
func (r Range) All() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range r.Len() {
			if !yield(r.Start + i*r.step()) {
				return
			}
		}
	}
}

func rangeOf(v any) (r Range, ok bool) {
	parts, is := v.(Tuple)
	if !is || len(parts) != 3 {
		return r, false
	}
	for i, field := range []*int{&r.Start, &r.Stop, &r.Step} {
		if *field, is = parts[i].(int); !is {
			return r, false // beyond what Go's int holds
		}
	}
	return r, true
}

// A Path is a path of a file: a pathlib.Path, where a plain string would be a str.
type Path string

// isUUID goes by the name of the type: each of the packages that have a UUID declares it as sixteen
// bytes of its own.
func isUUID(t reflect.Type) bool {
	return t.Kind() == reflect.Array && t.Name() == "UUID" && t.Len() == 16 && t.Elem().Kind() == reflect.Uint8
}

// A UUID is a uuid.UUID, as is any array of sixteen bytes whose type has that name.
type UUID [16]byte

func (u UUID) String() string {
	text := hex.EncodeToString(u[:])
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
