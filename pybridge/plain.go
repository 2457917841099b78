package pybridge

import (
	"slices"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// plainMap writes the maps that are most common without reflection, unless there are rules.
func (e *encoder) plainMap(v any) (done bool, err error) {
	if e.rules != nil {
		return false, nil
	}
	switch m := v.(type) {
	case map[string]int:
		return true, plainMap(e, m, func(n int) { e.f.Int(int64(n)) })
	case map[string]float64:
		return true, plainMap(e, m, e.f.Float)
	case map[string]string:
		return true, plainMap(e, m, e.f.Str)
	}
	return false, nil
}

// plainMap writes a map of the plainest types without reflection.
func plainMap[V any](e *encoder, m map[string]V, put func(V)) error {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	e.f.Container(capi.TagDict, len(keys))
	for _, key := range keys {
		e.f.Str(key)
		put(m[key])
	}
	return nil
}
