package pybridge

import (
	"encoding"
	"fmt"
	"math"
	"math/big"
	"reflect"
	"runtime"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

var (
	timeType     = reflect.TypeFor[time.Time]()
	durationType = reflect.TypeFor[time.Duration]()
	locationType = reflect.TypeFor[*time.Location]()
	bigIntType   = reflect.TypeFor[*big.Int]()
	bigFloatType = reflect.TypeFor[*big.Float]()
	ratType      = reflect.TypeFor[*big.Rat]()
	decimalType  = reflect.TypeFor[Decimal]()
	dictType     = reflect.TypeFor[Dict]()
	rangeType    = reflect.TypeFor[Range]()
	sliceType    = reflect.TypeFor[Slice]()
	kwType       = reflect.TypeFor[Kw]()
	raisedType   = reflect.TypeFor[*Error]()
	unmarshaler  = reflect.TypeFor[encoding.TextUnmarshaler]()
)

// special are the types that stand for a type of Python by what they are, not by what they are made of.
var special = map[reflect.Type]bool{
	timeType: true, durationType: true, locationType: true, bigIntType: true, bigFloatType: true, ratType: true,
	decimalType: true, dictType: true, rangeType: true, sliceType: true, raisedType: true,
}

func (d *decoder) special(v reflect.Value) error {
	if d.words.Peek() == capi.TagNone && (v.Kind() == reflect.Pointer || v.Kind() == reflect.Slice) {
		d.words.Header()
		v.SetZero()
		return nil
	}
	if d.words.Peek() == capi.TagObject {
		return d.opened(v)
	}
	at := d.words.Clone()
	o, code, stand, err := d.standing()
	if err != nil {
		return d.fail(err)
	}
	value := converted(v.Type(), o, code, stand)
	if reflect.TypeOf(value) != v.Type() {
		got := &decoder{runtime: d.runtime, words: at}
		err := fmt.Errorf("want %v, got %s", v.Type(), got.describe())
		runtime.KeepAlive(o)
		return d.fail(err)
	}
	v.Set(reflect.ValueOf(value))
	return nil
}

// standing reads the next value; if it stands for an object, that comes with it, and its code.
func (d *decoder) standing() (o *Object, code int, stand any, err error) {
	if d.words.Peek() == capi.TagExt {
		_, code = d.words.Header()
		o = newObject(capi.Handle(d.words.Word()))
	}
	stand, err = d.any()
	return o, code, stand, err
}

// converted returns a value as a special type, or as something else if it is none.
func converted(t reflect.Type, o *Object, code int, stand any) any {
	plain := code == 0 || code == extSubclass || code == extNumber
	switch {
	case t == bigFloatType:
		return bigFloatOf(code, stand)
	case t == bigIntType && plain:
		if n := asBig(stand); n != nil {
			return n
		}
	case t == ratType && plain:
		if n := asBig(stand); n != nil {
			return new(big.Rat).SetInt(n)
		}
	case t == ratType && code == extDecimal:
		if r, ok := decimalOf(stand).Rat(); ok {
			return r
		}
	case t == decimalType && plain:
		if n := asBig(stand); n != nil {
			return Decimal(n.String())
		}
	case t == decimalType && code == extDecimal:
		return decimalOf(stand)
	case t == timeType && code == extMoment:
		return meaning(extDatetime, o, stand)
	case t == dictType && (plain || code == extFields || code == extNamed):
		return stand
	}
	return meaning(code, o, stand)
}

// meaning returns what an object is in Go by itself: the object, if nothing says it better.
func meaning(code int, o *Object, stand any) any {
	switch code {
	case 0, extNumber, extBytes, extCopy, capi.ExtGo:
		return stand
	case extException:
		return errorOf(o)
	case extDatetime:
		if t, ok := timeOf(stand); ok {
			return t
		}
	case extTimedelta:
		if t, ok := durationOf(stand); ok {
			return t
		}
	case extZone:
		if l, ok := locationOf(stand); ok {
			return l
		}
	case extFraction:
		if r, ok := ratOf(stand); ok {
			return r
		}
	case extRange:
		if r, ok := rangeOf(stand); ok {
			return r
		}
	case extSlice:
		if p, is := stand.(Tuple); is && len(p) == 3 {
			return Slice{p[0], p[1], p[2]}
		}
	}
	return o
}

func ratOf(v any) (*big.Rat, bool) {
	parts, is := v.(Tuple)
	if !is || len(parts) != 2 {
		return nil, false
	}
	num, den := asBig(parts[0]), asBig(parts[1])
	if num == nil || den == nil || den.Sign() == 0 {
		return nil, false
	}
	return new(big.Rat).SetFrac(num, den), true
}

func asBig(v any) *big.Int {
	switch v := v.(type) {
	case int:
		return big.NewInt(int64(v))
	case *big.Int:
		return v
	}
	return nil
}

// bigFloatOf returns a number as a *big.Float, or as it is.
func bigFloatOf(code int, v any) any {
	if code == extDecimal {
		if f, ok := decimalOf(v).Float(); ok {
			return f
		}
		return v
	}
	if n := asBig(v); n != nil {
		return new(big.Float).SetInt(n)
	}
	if f, is := v.(float64); is && !math.IsNaN(f) {
		return big.NewFloat(f)
	}
	return v
}

// readsText reports whether a value that is no string reads itself from text.
func readsText(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Struct, reflect.Array, reflect.Slice:
		return v.CanAddr() && v.Addr().Type().Implements(unmarshaler)
	}
	return false
}

func (d *decoder) text(v reflect.Value) error {
	_, n := d.words.Header()
	text := d.words.Text(n)
	if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(text)); err != nil {
		return d.fail(fmt.Errorf("want %v: %w", v.Type(), err))
	}
	return nil
}
