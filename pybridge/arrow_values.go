package pybridge

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unsafe"
)

// An arrowReader reads values of one format.
type arrowReader struct {
	of     reflect.Type
	values func(p part, into reflect.Value) error
}

// arrowNumbers are the types of Arrow's numbers.
var arrowNumbers = map[string]reflect.Type{
	"c": reflect.TypeFor[int8](), "C": reflect.TypeFor[uint8](), "s": reflect.TypeFor[int16](), "S": reflect.TypeFor[uint16](),
	"i": reflect.TypeFor[int32](), "I": reflect.TypeFor[uint32](), "l": reflect.TypeFor[int64](), "L": reflect.TypeFor[uint64](),
	"f": reflect.TypeFor[float32](), "g": reflect.TypeFor[float64](),
}

// reader returns what reads the values of a schema.
func (s *arrowSchema) reader() (*arrowReader, error) {
	if s.dictionary != nil {
		return s.categories()
	}
	if t := arrowNumbers[s.format]; t != nil {
		return numbersReader(t), nil
	}
	switch kind, rest, _ := strings.Cut(s.format, ":"); kind {
	case "n":
		return each(func(arrowArray, int) (any, error) { return nil, nil }), nil
	case "b":
		return each(func(a arrowArray, i int) (bool, error) { return bit(a.buffers[1], i), nil }), nil
	case "e":
		return each(func(a arrowArray, i int) (float32, error) { return halfFloat(at[uint16](a, 1, i)), nil }), nil
	case "u", "U", "vu":
		return each(func(a arrowArray, i int) (string, error) { return string(a.bytes(kind, i)), nil }), nil
	case "z", "Z", "vz":
		return each(func(a arrowArray, i int) ([]byte, error) { return append([]byte{}, a.bytes(kind, i)...), nil }), nil
	case "w":
		return fixedReader(rest)
	case "d":
		return decimalReader(rest)
	case "+l", "+L", "+w":
		return s.lists(kind, rest)
	case "+s":
		return s.structs()
	default:
		return momentReader(s.format)
	}
}

// each makes a reader of a function that reads one value.
func each[T any](read func(a arrowArray, i int) (T, error)) *arrowReader {
	return &arrowReader{reflect.TypeFor[T](), func(p part, into reflect.Value) error {
		slice := into.Interface().([]T)
		for i := range slice {
			var err error
			if p.array.hasBitmap() && !bit(p.array.buffers[0], p.array.offset+p.from+i) {
				continue
			}
			if slice[i], err = read(*p.array, p.array.offset+p.from+i); err != nil {
				return inside(fmt.Sprintf("[%d]", i), err)
			}
		}
		return nil
	}}
}

// at reads a number out of a buffer.
func at[T any](a arrowArray, buffer, i int) T {
	var zero T
	return *(*T)(unsafe.Add(a.buffers[buffer], i*int(unsafe.Sizeof(zero))))
}

func numbersReader(t reflect.Type) *arrowReader {
	return &arrowReader{t, func(p part, into reflect.Value) error {
		if p.count > 0 {
			from := unsafe.Add(p.array.buffers[1], (p.array.offset+p.from)*int(t.Size()))
			reflect.Copy(into, reflect.NewAt(reflect.ArrayOf(p.count, t), from).Elem())
		}
		return nil
	}}
}

// bytes returns a text in Python's memory.
func (a arrowArray) bytes(kind string, i int) []byte {
	var from, to int
	switch kind {
	case "vu", "vz":
		return a.viewed(i)
	case "U", "Z":
		from, to = int(at[int64](a, 1, i)), int(at[int64](a, 1, i+1))
	default:
		from, to = int(at[int32](a, 1, i)), int(at[int32](a, 1, i+1))
	}
	if from == to {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Add(a.buffers[2], from)), to-from)
}

// viewed returns a text of up to 12 bytes, which stands in its view, or the one that the view leads to.
func (a arrowArray) viewed(i int) []byte {
	view := unsafe.Slice((*byte)(unsafe.Add(a.buffers[1], 16*i)), 16)
	n := int(binary.NativeEndian.Uint32(view))
	if n <= 12 {
		return view[4 : 4+n]
	}
	block, from := int(binary.NativeEndian.Uint32(view[8:])), int(binary.NativeEndian.Uint32(view[12:]))
	return unsafe.Slice((*byte)(unsafe.Add(a.buffers[2+block], from)), n)
}

func fixedReader(size string) (*arrowReader, error) {
	n, err := strconv.Atoi(size)
	return each(func(a arrowArray, i int) ([]byte, error) {
		return slices.Clone(unsafe.Slice((*byte)(unsafe.Add(a.buffers[1], i*n)), n)), nil
	}), err
}

// decimalReader reads decimals of 32 to 256 bits: precision, scale, bits.
func decimalReader(parameters string) (*arrowReader, error) {
	numbers := make([]int, 3)
	numbers[2] = 128
	for i, text := range strings.Split(parameters, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || i > 2 {
			return nil, fmt.Errorf("a decimal of format %q", parameters)
		}
		numbers[i] = n
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(numbers[1], -numbers[1]))), nil)
	bytes := numbers[2] / 8
	return each(func(a arrowArray, i int) (*big.Rat, error) {
		n := signedInt(unsafe.Slice((*byte)(unsafe.Add(a.buffers[1], i*bytes)), bytes))
		if numbers[1] < 0 {
			return new(big.Rat).SetInt(n.Mul(n, scale)), nil
		}
		return new(big.Rat).SetFrac(n, scale), nil
	}), nil
}

// signedInt reads a number in two's complement, the lowest byte first.
func signedInt(bytes []byte) *big.Int {
	reversed := slices.Clone(bytes)
	slices.Reverse(reversed)
	n := new(big.Int).SetBytes(reversed)
	if reversed[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(bytes))))
	}
	return n
}

// arrowUnits are the units of Arrow's times.
var arrowUnits = map[byte]time.Duration{'s': time.Second, 'm': time.Millisecond, 'u': time.Microsecond, 'n': time.Nanosecond}

// momentReader reads dates, times of day, points in time and durations.
func momentReader(format string) (*arrowReader, error) {
	switch {
	case format == "tdD":
		return each(func(a arrowArray, i int) (time.Time, error) {
			return time.Unix(int64(at[int32](a, 1, i))*86400, 0).UTC(), nil
		}), nil
	case format == "tdm":
		return timesReader(time.Millisecond, time.UTC), nil
	case len(format) == 3 && (format[:2] == "tt" || format[:2] == "tD") && arrowUnits[format[2]] != 0:
		return durationsReader(arrowUnits[format[2]], format == "tts" || format == "ttm"), nil
	case strings.HasPrefix(format, "ts") && len(format) >= 4 && arrowUnits[format[2]] != 0:
		zone, err := time.LoadLocation(format[4:])
		if err != nil {
			zone = time.UTC // the point in time is the same
		}
		return timesReader(arrowUnits[format[2]], zone), nil
	}
	return nil, fmt.Errorf("values of Arrow's format %q have no type in Go", format)
}

func timesReader(unit time.Duration, zone *time.Location) *arrowReader {
	perSecond := int64(time.Second / unit)
	return each(func(a arrowArray, i int) (time.Time, error) {
		n := at[int64](a, 1, i)
		seconds, rest := n/perSecond, n%perSecond
		return time.Unix(seconds, rest*int64(unit)).In(zone), nil
	})
}

func durationsReader(unit time.Duration, short bool) *arrowReader {
	return each(func(a arrowArray, i int) (time.Duration, error) {
		n := int64(0)
		if short {
			n = int64(at[int32](a, 1, i))
		} else {
			n = at[int64](a, 1, i)
		}
		d := time.Duration(n) * unit
		if int64(d/unit) != n {
			return 0, fmt.Errorf("%d times %v do not fit into a time.Duration", n, unit)
		}
		return d, nil
	})
}

// categories reads numbers as what they stand for.
func (s *arrowSchema) categories() (*arrowReader, error) {
	read, err := s.dictionary.reader()
	if err != nil {
		return nil, err
	}
	index := arrowNumbers[s.format]
	if index == nil {
		return nil, fmt.Errorf("categories with numbers of format %q", s.format)
	}
	numbers := numbersReader(index)
	return &arrowReader{read.of, func(p part, into reflect.Value) error {
		all, _, err := s.dictionary.column([]part{{p.array.dictionary, 0, p.array.dictionary.length}})
		if err != nil {
			return err
		}
		indices := reflect.MakeSlice(reflect.SliceOf(index), p.count, p.count)
		if err := numbers.values(p, indices); err != nil {
			return err
		}
		values := reflect.ValueOf(all)
		for i := range p.count {
			n := indices.Index(i).Convert(reflect.TypeFor[int]()).Int()
			if n >= 0 && n < int64(values.Len()) {
				into.Index(i).Set(values.Index(int(n)))
			}
		}
		return nil
	}}, nil
}

// lists reads slices.
func (s *arrowSchema) lists(kind, size string) (*arrowReader, error) {
	if len(s.children) != 1 {
		return nil, errors.New("a list of nothing")
	}
	read, err := s.children[0].reader()
	if err != nil {
		return nil, err
	}
	fixed := 0
	if kind == "+w" {
		if fixed, err = strconv.Atoi(size); err != nil {
			return nil, err
		}
	}
	of := reflect.SliceOf(read.of)
	return &arrowReader{of, func(p part, into reflect.Value) error {
		a := p.array
		for i := range p.count {
			from, to := listBounds(a, kind, fixed, a.offset+p.from+i)
			items := reflect.MakeSlice(of, to-from, to-from)
			if err := read.values(part{a.children[0], from, to - from}, items); err != nil {
				return inside(fmt.Sprintf("[%d]", i), err)
			}
			into.Index(i).Set(items)
		}
		return nil
	}}, nil
}

func listBounds(a *arrowArray, kind string, fixed, i int) (from, to int) {
	switch kind {
	case "+l":
		return int(at[int32](*a, 1, i)), int(at[int32](*a, 1, i+1))
	case "+L":
		return int(at[int64](*a, 1, i)), int(at[int64](*a, 1, i+1))
	}
	return i * fixed, (i + 1) * fixed
}

// structs reads maps by the names of fields; what is missing is nil.
func (s *arrowSchema) structs() (*arrowReader, error) {
	return &arrowReader{reflect.TypeFor[map[string]any](), func(p part, into reflect.Value) error {
		rows := into.Interface().([]map[string]any)
		for i := range rows {
			rows[i] = make(map[string]any, len(s.children))
		}
		for j, child := range s.children {
			values, valid, err := child.column([]part{{p.array.children[j], p.array.offset + p.from, p.count}})
			if err != nil {
				return inside("."+child.name, err)
			}
			v := reflect.ValueOf(values)
			for i := range rows {
				rows[i][child.name] = nil
				if valid == nil || valid[i] {
					rows[i][child.name] = v.Index(i).Interface()
				}
			}
		}
		return nil
	}}, nil
}
