package pybridge

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
)

// A Table is a dataframe in Go: columns of one length. ReadTable copies one out of Python. Passed to
// Python it becomes an object that every library which speaks Arrow takes (polars.DataFrame, pyarrow.table,
// duckdb), and that has a method to_pandas; columns of numbers are lent to it without a copy.
type Table struct {
	Columns []Column
}

// A Column is one column of a Table.
type Column struct {
	Name string
	// Values is a slice: of numbers, bools, strings, []byte, time.Time or time.Duration; and, as ReadTable
	// returns them, also of *big.Rat for decimals, of slices for lists, and of maps for structs.
	Values any
	// Valid says which values there are; nil if all are. What is missing is zero in Values.
	Valid []bool
}

// Rows returns how many rows the table has.
func (t *Table) Rows() int {
	if len(t.Columns) == 0 {
		return 0
	}
	return reflect.ValueOf(t.Columns[0].Values).Len()
}

// Column returns the first column of a name.
func (t *Table) Column(name string) (Column, bool) {
	for _, c := range t.Columns {
		if c.Name == name {
			return c, true
		}
	}
	return Column{}, false
}

// ColumnAs returns the values of a column as a []T. They are those of the Table where T is their type, and
// converted where nothing is lost. A T that is a pointer is nil for what is missing, which is an error for
// other types unless it is a NaN.
func ColumnAs[T any](t *Table, name string) ([]T, error) {
	c, found := t.Column(name)
	if !found {
		return nil, fmt.Errorf("the table has no column %q", name)
	}
	if values, is := c.Values.([]T); is && c.Valid == nil {
		return values, nil
	}
	out := make([]T, t.Rows())
	for i := range out {
		if err := c.value(i, reflect.ValueOf(&out[i]).Elem()); err != nil {
			return nil, inside(fmt.Sprintf("%s[%d]", name, i), err)
		}
	}
	return out, nil
}

// value copies one value.
func (c *Column) value(i int, into reflect.Value) error {
	missing := c.Valid != nil && !c.Valid[i]
	if into.Kind() == reflect.Pointer && into.Type() != ratType {
		if missing {
			into.SetZero()
			return nil
		}
		p := reflect.New(into.Type().Elem())
		into.Set(p)
		into = p.Elem()
	}
	from := reflect.ValueOf(c.Values).Index(i)
	switch {
	case missing:
		return errors.New("the value is missing")
	case from.Type().AssignableTo(into.Type()):
		into.Set(from)
		return nil
	}
	return setNumber(into, from)
}

// RowsAs returns the rows of a table as structs, by the names of their fields as the package comment
// says. Every field must have a column; columns without a field are passed over.
func RowsAs[T any](t *Table) ([]T, error) {
	out := make([]T, t.Rows())
	if reflect.TypeFor[T]().Kind() != reflect.Struct {
		return nil, fmt.Errorf("rows are structs, not %v", reflect.TypeFor[T]())
	}
	for _, f := range fieldsOf(reflect.TypeFor[T]()) {
		at := meant(t.Columns, func(c Column) string { return c.Name }, f.name)
		if at < 0 {
			return nil, fmt.Errorf("the table has no column %q", f.name)
		}
		c := &t.Columns[at]
		for i := range out {
			if err := c.value(i, settable(reflect.ValueOf(&out[i]).Elem(), f.index)); err != nil {
				return nil, inside(fmt.Sprintf("%s[%d]", f.name, i), err)
			}
		}
	}
	return out, nil
}

// TableOf makes a table of structs, with a column for each field. A field that is a pointer makes a column
// in which what is nil is missing.
func TableOf[T any](rows []T) (*Table, error) {
	if reflect.TypeFor[T]().Kind() != reflect.Struct {
		return nil, fmt.Errorf("rows are structs, not %v", reflect.TypeFor[T]())
	}
	t := &Table{}
	v := reflect.ValueOf(rows)
	for _, f := range fieldsOf(reflect.TypeFor[T]()) {
		t.Columns = append(t.Columns, columnOf(v, f))
	}
	return t, nil
}

func columnOf(rows reflect.Value, f field) Column {
	of := rows.Type().Elem().FieldByIndex(f.index).Type
	optional := of.Kind() == reflect.Pointer && of != ratType
	if optional {
		of = of.Elem()
	}
	values := reflect.MakeSlice(reflect.SliceOf(of), rows.Len(), rows.Len())
	valid := make([]bool, rows.Len())
	for i := range rows.Len() {
		value, ok := fieldByIndex(rows.Index(i), f.index)
		if ok && optional {
			ok = !value.IsNil()
			value = reflect.Indirect(value)
		}
		if valid[i] = ok; ok {
			values.Index(i).Set(value)
		}
	}
	c := Column{Name: f.name, Values: values.Interface()}
	if slices.Contains(valid, false) {
		c.Valid = valid
	}
	return c
}

// check reports a table that is none.
func (t *Table) check() error {
	for _, c := range t.Columns {
		v := reflect.ValueOf(c.Values)
		switch {
		case v.Kind() != reflect.Slice:
			return fmt.Errorf("column %q is a %T, not a slice", c.Name, c.Values)
		case v.Len() != t.Rows() || c.Valid != nil && len(c.Valid) != v.Len():
			return fmt.Errorf("column %q has %d values, not %d", c.Name, v.Len(), t.Rows())
		}
	}
	return nil
}
