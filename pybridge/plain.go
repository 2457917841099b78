package pybridge

import (
	"slices"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

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
