package cell

import "reflect"

// survey finds the memory that has to be built anew when a value becomes one of another type, and in values
// that stay, when interfaces in them hold such.
func (m *mover) survey(v reflect.Value, to reflect.Type) {
	if t := v.Type(); m.alike(t, to) && !m.reach(t).interfaces || !m.convertible(t, to) {
		return
	}
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			m.survey(v.Elem(), m.renewType(v.Elem().Type()))
		}
	case reflect.Pointer:
		if !v.IsNil() && m.first(m.visit(v, to, 0)) {
			m.surveyed(v.Pointer(), 1, v.Type().Elem(), to.Elem())
			m.later(v.Elem(), to.Elem())
		}
	case reflect.Slice:
		if m.first(m.visit(v, to, v.Cap())) {
			m.surveyed(v.Pointer(), v.Cap(), v.Type().Elem(), to.Elem())
			m.surveyElements(v.Slice(0, v.Cap()), to.Elem())
		}
	case reflect.Array:
		m.surveyElements(v, to.Elem())
	case reflect.Struct:
		v = addressable(v)
		for _, f := range m.plan(v.Type(), to).fields {
			m.survey(open(v.Field(f.from)), f.typ)
		}
	case reflect.Map:
		if !v.IsNil() && m.first(m.visit(v, to, 0)) {
			for i := v.MapRange(); i.Next(); {
				m.survey(i.Key(), to.Key())
				m.survey(i.Value(), to.Elem())
			}
		}
	}
}

func (m *mover) surveyed(start uintptr, count int, old, new reflect.Type) {
	if !m.alike(old, new) {
		m.regions.add(region{start: start, old: old, new: new, count: count, at: m.at})
	}
}

func (m *mover) surveyElements(v reflect.Value, to reflect.Type) {
	for i := range v.Len() {
		m.survey(v.Index(i), to)
	}
}
