package pybridge

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"time"
)

// notATime is how numpy writes NaT.
const notATime = math.MinInt64

// copyMoments copies numpy's datetime64 and timedelta64, which no buffer carries, as times in UTC and as
// durations. NaT is the zero time. It reports false for other objects.
func (d *decoder) copyMoments(o *Object, v reflect.Value) (done bool, err error) {
	read, err := d.runtime.helper("gopy_kernel.arrays", "moments")
	if err != nil {
		return false, err
	}
	parts, err := read.Call(o)
	if err != nil || parts.IsNone() {
		return false, err
	}
	defer parts.Close()
	m := moments{wanted: innermost(v.Type())}
	if m.isTime, err = ChainAs[bool](parts.Chain().Index(0)); err != nil {
		return true, err
	}
	if m.isTime != (m.wanted == timeType) {
		return true, fmt.Errorf("want %v, got numpy's other kind of time", m.wanted)
	}
	if m.unit, err = ChainAs[int64](parts.Chain().Index(1)); err != nil {
		return true, err
	}
	counts, err := parts.Index(2)
	if err != nil {
		return true, err
	}
	defer counts.Close()
	view, err := OpenView[int64](counts)
	if err != nil {
		return true, err
	}
	defer view.Close()
	return true, m.copyDimension(view, v, nil)
}

// innermost returns what slices and arrays of a type consist of.
func innermost(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	return t
}

// moments says what the counts of an array mean.
type moments struct {
	wanted reflect.Type
	isTime bool
	unit   int64 // in nanoseconds
}

func (m *moments) copyDimension(view *View[int64], v reflect.Value, index []int) error {
	if len(index) == len(view.memory.shape) {
		return m.set(v, view.At(index...))
	}
	n := view.memory.shape[len(index)]
	if err := makeRoom(v, n, len(view.memory.shape)); err != nil {
		return err
	}
	for i := range n {
		if err := m.copyDimension(view, v.Index(i), append(index, i)); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (m *moments) set(v reflect.Value, count int64) error {
	switch {
	case v.Type() != m.wanted:
		return fmt.Errorf("the array has fewer dimensions than %v", v.Type())
	case m.isTime && count == notATime:
		v.SetZero()
	case m.isTime && m.unit == 1:
		v.Set(reflect.ValueOf(time.Unix(0, count).UTC()))
	case m.isTime:
		v.Set(reflect.ValueOf(time.UnixMicro(count).UTC()))
	case count == notATime:
		return errors.New("NaT is no time.Duration")
	case count*m.unit/m.unit != count:
		return fmt.Errorf("%d us do not fit into a time.Duration", count)
	default:
		v.SetInt(count * m.unit)
	}
	return nil
}
