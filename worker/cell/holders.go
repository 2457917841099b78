package cell

import (
	"reflect"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
)

// Holders tells, before a Move, which variables are functions that may hold values of the types that have
// changed, and whose goroutines may.
func (r *Run) Holders(functions []string, runs ...uint64) {
	r.functions, r.runs = functions, runs
}

// noteHolders tells what goes on with old values, if values were built anew. That functions do is told once
// of a type; that goroutines do each time, for they may be changing the old values while these are read.
func (m *mover) noteHolders(r *Run) {
	changed := m.regions.types()
	if changed == "" {
		return
	}
	for _, name := range r.functions {
		m.notes.addOnce("functions that were made before go on with the old "+changed+" that they hold; run their cells again", name)
	}
	if slices.ContainsFunc(r.runs, func(run uint64) bool { return goroutine.Count(run) > 0 }) {
		m.notes.add("goroutines of earlier cells go on with the old "+changed+" that they hold", "")
	}
}

// types names the declared types of which values were built anew.
func (s *regions) types() string {
	names := &notes{}
	for _, r := range s.list {
		t := r.old
		for t.Name() == "" && (t.Kind() == reflect.Array || t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer) {
			t = t.Elem()
		}
		if t.Name() != "" && t.PkgPath() == mainPath {
			names.add(typeName(t), "")
		}
	}
	return strings.Join(names.order, ", ")
}
