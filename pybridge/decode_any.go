package pybridge

import (
	"errors"
	"math/big"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// any reads the next value as what it is in Go.
func (d *decoder) any() (any, error) {
	tag, n := d.words.Header()
	switch tag {
	case capi.TagNone:
		return nil, nil
	case capi.TagTrue, capi.TagFalse:
		return tag == capi.TagTrue, nil
	case capi.TagInt:
		return int(d.words.Word()), nil
	case capi.TagFloat:
		return d.words.Float(), nil
	case capi.TagComplex:
		re := d.words.Float()
		return complex(re, d.words.Float()), nil
	case capi.TagStr:
		return d.words.Text(n), nil
	case capi.TagBytes:
		return d.words.Bytes(n), nil
	case capi.TagBigInt:
		value, ok := new(big.Int).SetString(d.words.Text(n), 16)
		if !ok {
			return nil, errors.New("a number without digits came from Python")
		}
		return value, nil
	case capi.TagList:
		return d.anyItems(n)
	case capi.TagTuple:
		items, err := d.anyItems(n)
		return Tuple(items), err
	case capi.TagSet:
		items, err := d.anyItems(n)
		return HashSet(items), err
	case capi.TagFrozenSet:
		items, err := d.anyItems(n)
		return FrozenSet(items), err
	case capi.TagDict:
		return d.anyDict(n)
	case capi.TagObject:
		return newObject(capi.Handle(d.words.Word())), nil
	case capi.TagExt:
		return d.anyExt(n)
	}
	return nil, errors.New("a value came from Python that this version does not know")
}

func (d *decoder) anyItems(n int) ([]any, error) {
	items := make([]any, n)
	for i := range items {
		v, err := d.any()
		if err != nil {
			return nil, err
		}
		items[i] = v
	}
	return items, nil
}

func (d *decoder) anyDict(n int) (Dict, error) {
	dict := make(Dict, n)
	for i := range dict {
		key, err := d.any()
		if err != nil {
			return nil, err
		}
		value, err := d.any()
		if err != nil {
			return nil, err
		}
		dict[i] = Item{key, value}
	}
	return dict, nil
}

// anyExt reads an object together with what stands for it, and decides which of the two Go wants.
func (d *decoder) anyExt(code int) (any, error) {
	o := newObject(capi.Handle(d.words.Word()))
	stand, err := d.any()
	if err != nil {
		return nil, err
	}
	switch code {
	case extNumber, extBytes:
		return stand, nil
	case extException:
		return errorOf(o), nil
	case extDatetime:
		if t, ok := timeOf(stand); ok {
			return t, nil
		}
	case extTimedelta:
		if t, ok := durationOf(stand); ok {
			return t, nil
		}
	case extFraction:
		if r, ok := ratOf(stand); ok {
			return r, nil
		}
	}
	return o, nil
}

// timeOf makes a time of seconds, microseconds, offset and zone. A datetime without a zone is in
// local time, as Python takes it.
func timeOf(v any) (time.Time, bool) {
	parts, is := v.(Tuple)
	if !is || len(parts) != 4 {
		return time.Time{}, false
	}
	seconds, _ := parts[0].(int)
	micros, _ := parts[1].(int)
	t := time.Unix(int64(seconds), int64(micros)*1000)
	offset, aware := parts[2].(int)
	if !aware {
		return t, true
	}
	if zone, _ := parts[3].(string); zone != "" {
		if location, err := time.LoadLocation(zone); err == nil {
			return t.In(location), true
		}
	}
	if offset == 0 {
		return t.UTC(), true
	}
	return t.In(time.FixedZone("", offset)), true
}

func durationOf(v any) (time.Duration, bool) {
	parts, is := v.(Tuple)
	if !is || len(parts) != 3 {
		return 0, false
	}
	days, _ := parts[0].(int)
	seconds, _ := parts[1].(int)
	micros, _ := parts[2].(int)
	const most = 106751 // days in a Duration
	if days < -most || days > most {
		return 0, false
	}
	return time.Duration(days)*24*time.Hour + time.Duration(seconds)*time.Second + time.Duration(micros)*time.Microsecond, true
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
