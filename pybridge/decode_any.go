package pybridge

import (
	"errors"
	"math/big"

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
	case capi.TagRef:
		return d.runtime.goValue(d.words.Word())
	case capi.TagExt:
		o := newObject(capi.Handle(d.words.Word()))
		stand, err := d.any()
		if err != nil {
			return nil, err
		}
		if n >= capi.ExtRule {
			return d.rules.fromPython(n-capi.ExtRule, o)
		}
		return meaning(n, o, stand), nil
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
