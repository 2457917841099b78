package display

import (
	"reflect"
	"slices"
	"strconv"
)

// A table is what text/html shows of a value that has the shape of one.
type table struct {
	caption string   // the type
	head    []string // names of columns; empty where they have none
	labels  []string // names of rows
	rows    [][]cell // a cell for each column that is shown
	rowGap  int      // rows before this one were left out; -1 if none
	colGap  int      // columns before this one were left out; -1 if none
	size    string   // "1000 rows × 5 columns", where something was left out
}

// tableOf gives the table for structs, maps, and slices of structs, maps or slices; pointers are
// followed. Everything else, and what has a text of its own, is no table.
func tableOf(v reflect.Value) (table, bool) {
	v = follow(v)
	if !v.IsValid() || isNil(v) || formOf(v.Type()) != noForm || hidesAll(v.Type()) {
		return table{}, false
	}
	t, ok := table{}, false
	switch v.Kind() {
	case reflect.Struct:
		t, ok = structTable(v)
	case reflect.Map:
		t, ok = mapTable(v)
	case reflect.Slice, reflect.Array:
		t, ok = sliceTable(v)
	}
	if !ok {
		return table{}, false
	}
	t.caption = typeName(v.Type())
	t.formatFloats()
	return t, true
}

// structTable has a row for each field.
func structTable(v reflect.Value) (table, bool) {
	v = addressable(v)
	t := table{rowGap: -1, colGap: -1}
	for _, f := range fieldsOf(v.Type()) {
		t.labels = append(t.labels, f.name)
		t.rows = append(t.rows, []cell{cellOf(field(v, f.index))})
	}
	if n := len(t.rows); n > maxRows {
		t.labels, t.rows = t.labels[:maxRows], t.rows[:maxRows]
		t.rowGap, t.size = maxRows, count(n, "field")
	}
	return t, len(t.rows) > 0
}

// mapTable has a row for each entry, in the order of the keys.
func mapTable(v reflect.Value) (table, bool) {
	if v.Len() == 0 {
		return table{}, false
	}
	head, tail := rowsCut.ends(v.Len())
	entries := sortedEntries(v, head+tail)
	r := rowsOf(len(entries), func(i int) reflect.Value { return entries[i].value })
	for _, e := range entries {
		r.labels = append(r.labels, newPrinter(cellParts, cellDepth).unquoted(e.key))
	}
	if v.Len() > len(entries) {
		r.gap, r.total = len(entries), v.Len()
	}
	if t, ok := r.columns(); ok {
		return t, true
	}
	return r.single(), true
}

// sliceTable has a row for each element, if the elements have columns.
func sliceTable(v reflect.Value) (table, bool) {
	n := v.Len()
	if n == 0 || isScalar(v.Type().Elem().Kind()) {
		return table{}, false
	}
	head, tail := rowsCut.ends(n)
	r := rowsOf(head+tail, func(i int) reflect.Value { return v.Index(original(i, head, tail, n)) })
	for i := range head + tail {
		r.labels = append(r.labels, strconv.Itoa(original(i, head, tail, n)))
	}
	if n > head+tail {
		r.gap, r.total = head, n
	}
	return r.columns()
}

// original is the place that element i of those shown has in the whole of n.
func original(i, head, tail, n int) int {
	if i < head {
		return i
	}
	return n - tail + i - head
}

// A rowSet is the rows of a table before its columns are known.
type rowSet struct {
	values []reflect.Value // pointers and interfaces followed; invalid for nil
	labels []string
	gap    int // as in table
	total  int // rows of the whole value, if there is a gap
}

func rowsOf(n int, at func(int) reflect.Value) rowSet {
	r := rowSet{gap: -1}
	for i := range n {
		r.values = append(r.values, follow(at(i)))
	}
	return r
}

// columns makes a table if all rows are structs of one type, or all maps, or all slices of words.
func (r rowSet) columns() (table, bool) {
	t, ok := r.commonType()
	if !ok || formOf(t) != noForm || hidesAll(t) {
		return table{}, false
	}
	switch t.Kind() {
	case reflect.Struct:
		return r.structColumns(t)
	case reflect.Map:
		return r.mapColumns()
	case reflect.Slice, reflect.Array:
		return r.grid(t)
	}
	return table{}, false
}

// commonType is the one type that all rows have that are not nil.
func (r rowSet) commonType() (reflect.Type, bool) {
	var common reflect.Type
	for _, v := range r.values {
		switch {
		case !v.IsValid():
		case common == nil:
			common = v.Type()
		case common != v.Type():
			return nil, false
		}
	}
	return common, common != nil
}

func (r rowSet) structColumns(t reflect.Type) (table, bool) {
	fields := fieldsOf(t)
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.name
	}
	return r.fill(names, func(row reflect.Value, column int) (reflect.Value, bool) {
		return field(row, fields[column].index), true
	}), len(fields) > 0
}

// mapColumns takes the keys of all rows that are shown: records read from JSON lack one here and
// there. An entry that is not there is an empty cell.
func (r rowSet) mapColumns() (table, bool) {
	var names []string
	byName := map[string]entry{}
	for _, v := range r.values {
		if !v.IsValid() {
			continue
		}
		for _, e := range sortedEntries(v, maxRows) {
			name := newPrinter(cellParts, cellDepth).unquoted(e.key)
			if _, known := byName[name]; !known {
				byName[name] = e
				names = append(names, name)
			}
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return compareEntries(byName[a], byName[b]) })
	return r.fill(names, func(row reflect.Value, column int) (reflect.Value, bool) {
		found := row.MapIndex(byName[names[column]].key)
		return found, found.IsValid()
	}), len(names) > 0
}

// grid shows slices of slices of words, such as a matrix or what encoding/csv reads.
func (r rowSet) grid(t reflect.Type) (table, bool) {
	inner := t.Elem()
	if inner.Kind() == reflect.Uint8 && t.Kind() == reflect.Slice {
		return table{}, false // bytes are text or data, not columns
	}
	if !isScalar(inner.Kind()) && inner.Kind() != reflect.Interface && formOf(inner) == noForm {
		return table{}, false
	}
	width := 0
	for _, v := range r.values {
		if v.IsValid() {
			width = max(width, v.Len())
		}
	}
	head, tail := columnsCut.ends(width)
	names := make([]string, head+tail)
	for i := range names {
		names[i] = strconv.Itoa(original(i, head, tail, width))
	}
	made := r.fillAll(names, func(row reflect.Value, column int) (reflect.Value, bool) {
		at := original(column, head, tail, width)
		if at >= row.Len() {
			return reflect.Value{}, false
		}
		return row.Index(at), true
	})
	if width > head+tail {
		made.cut(head, width, r)
	}
	return made, width > 0
}

// fill makes the table of all rows and those columns that are shown.
func (r rowSet) fill(names []string, at func(row reflect.Value, column int) (reflect.Value, bool)) table {
	n := len(names)
	head, tail := columnsCut.ends(n)
	shown := append(names[:head:head], names[n-tail:]...)
	t := r.fillAll(shown, func(row reflect.Value, column int) (reflect.Value, bool) {
		return at(row, original(column, head, tail, n))
	})
	if n > head+tail {
		t.cut(head, n, r)
	}
	return t
}

func (r rowSet) fillAll(names []string, at func(row reflect.Value, column int) (reflect.Value, bool)) table {
	t := table{head: names, labels: r.labels, rowGap: r.gap, colGap: -1}
	for _, v := range r.values {
		t.rows = append(t.rows, cellsOf(v, len(names), at))
	}
	if r.gap >= 0 {
		t.size = sizeText(r.total, len(names))
	}
	return t
}

// cellsOf makes one row. A nil row says so in its first cell.
func cellsOf(v reflect.Value, n int, at func(row reflect.Value, column int) (reflect.Value, bool)) []cell {
	cells := make([]cell, n)
	if !v.IsValid() {
		cells[0] = cell{text: "nil", isNil: true}
		return cells
	}
	if v.Kind() == reflect.Struct {
		v = addressable(v)
	}
	for i := range cells {
		if found, ok := at(v, i); ok {
			cells[i] = cellOf(found)
		}
	}
	return cells
}

// cut marks that columns after the first head ones were left out, of total ones.
func (t *table) cut(head, total int, r rowSet) {
	t.colGap = head
	rows := len(r.values)
	if r.gap >= 0 {
		rows = r.total
	}
	t.size = sizeText(rows, total)
}

// single makes a table of one column, for rows that have none.
func (r rowSet) single() table {
	t := table{labels: r.labels, rowGap: r.gap, colGap: -1}
	for _, v := range r.values {
		t.rows = append(t.rows, []cell{cellOf(v)})
	}
	if r.gap >= 0 {
		t.size = count(r.total, "row")
	}
	return t
}

func sizeText(rows, columns int) string {
	return count(rows, "row") + " × " + count(columns, "column")
}

// A namedField is a field of a struct that has a name.
type namedField struct {
	index int
	name  string
}

func fieldsOf(t reflect.Type) []namedField {
	var fields []namedField
	for i := range t.NumField() {
		if name := t.Field(i).Name; name != "_" {
			fields = append(fields, namedField{i, name})
		}
	}
	return fields
}
