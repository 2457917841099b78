package image

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"unsafe"
)

// PageSize is the smallest size of pages that systems have, and MostPage the largest.
const PageSize, MostPage = 4 << 10, 64 << 10

// An Image is a unit that can be mapped. Offsets are from its begin.
type Image struct {
	Page uint64 // what the image itself and the data in it are aligned to

	Code []byte // to be executed, and read-only data
	Data []byte // to be written; begins at DataOffset
	Zero uint64 // bytes of zeroes behind the data

	Module uint64 // offset of its runtime.moduledata

	Relocations []Relocation
	Shared      []Shared
	Units       []string // IDs of the images that this one refers to
	Externs     []string // symbols of the shared object that lies beside it

	Table     string   // symbol of the shared object: addresses of functions that it calls; empty if there is none
	Callbacks []uint64 // the functions' offsets, in the order of the table
}

// DataOffset is where the data begins: on the page behind the code.
func (i *Image) DataOffset() uint64 {
	return (uint64(len(i.Code)) + i.Page - 1) &^ (i.Page - 1)
}

// Size is the range of memory that the image takes, in bytes.
func (i *Image) Size() uint64 { return i.DataOffset() + uint64(len(i.Data)) + i.Zero }

// A Kind says how a relocation is calculated. P is the address of the place that is changed, A the
// addend.
type Kind uint8

const (
	Base           Kind = iota // 64 bits: begin of the image + A
	Relative                   // 32 bits: absolute address A - P
	ToShared                   // 64 bits: address of the shared symbol + A
	ToUnit                     // 64 bits: begin of the other image + A
	RelativeToUnit             // 32 bits: begin of the other image + A - P
	ToExtern                   // 64 bits: address of the extern + A
)

// A Relocation is a place that depends on where something lies.
type Relocation struct {
	Offset uint64
	Addend int64
	Index  uint32 // into Shared, Units or Externs
	Kind   Kind
}

// Declared begins the names of types that units declare, and of what consists of such types.
const Declared = "main."

// A Shared symbol is a type descriptor or an itab.
type Shared struct {
	Name    string
	Itab    bool
	Offset  uint64 // of the image's own copy, or None
	Address uint64 // of the worker's, 0 if it has none
}

// None is the offset of what an image has no copy of: a unit that was loaded before has.
const None = 1<<64 - 1

const magic = "gopyimg4"

var order = binary.LittleEndian

// Append adds the image to a slice of bytes, as it stands in a file.
func (i *Image) Append(b []byte) []byte {
	b = append(b, magic...)
	for _, n := range []int{len(i.Code), len(i.Data), len(i.Relocations), len(i.Shared), len(i.Units), len(i.Externs), len(i.Callbacks)} {
		b = order.AppendUint64(b, uint64(n))
	}
	b = order.AppendUint64(b, i.Zero)
	b = order.AppendUint64(b, i.Module)
	b = order.AppendUint64(b, i.Page)
	for _, r := range i.Relocations {
		b = order.AppendUint64(b, r.Offset)
		b = order.AppendUint64(b, uint64(r.Addend))
		b = order.AppendUint32(b, r.Index)
		b = append(b, byte(r.Kind))
	}
	for _, s := range i.Shared {
		b = appendString(b, s.Name)
		b = append(b, flag(s.Itab))
		b = order.AppendUint64(b, s.Offset)
		b = order.AppendUint64(b, s.Address)
	}
	for _, e := range i.Units {
		b = appendString(b, e)
	}
	for _, e := range i.Externs {
		b = appendString(b, e)
	}
	b = appendString(b, i.Table)
	for _, c := range i.Callbacks {
		b = order.AppendUint64(b, c)
	}
	return append(append(b, i.Code...), i.Data...)
}

func flag(set bool) byte {
	if set {
		return 1
	}
	return 0
}

func appendString(b []byte, s string) []byte {
	return append(order.AppendUint32(b, uint32(len(s))), s...)
}

// Parse reads an image from a file's content, of which it keeps parts. Offsets are checked to be inside
// of the image, so that loading it changes nothing else.
func Parse(data []byte) (*Image, error) {
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, errors.New("not an image")
	}
	r := &reader{rest: rest}
	code, written, relocations, shared, units := r.uint64(), r.uint64(), r.uint64(), r.uint64(), r.uint64()
	externs, callbacks := r.uint64(), r.uint64()
	i := &Image{Zero: r.uint64(), Module: r.uint64(), Page: r.uint64()}
	for n := uint64(0); n < relocations && r.err == nil; n++ {
		i.Relocations = append(i.Relocations, Relocation{Offset: r.uint64(), Addend: int64(r.uint64()), Index: r.uint32(), Kind: Kind(r.uint8())})
	}
	for n := uint64(0); n < shared && r.err == nil; n++ {
		i.Shared = append(i.Shared, Shared{Name: r.string(), Itab: r.uint8() != 0, Offset: r.uint64(), Address: r.uint64()})
	}
	for n := uint64(0); n < units && r.err == nil; n++ {
		i.Units = append(i.Units, r.string())
	}
	for n := uint64(0); n < externs && r.err == nil; n++ {
		i.Externs = append(i.Externs, r.string())
	}
	i.Table = r.string()
	for n := uint64(0); n < callbacks && r.err == nil; n++ {
		i.Callbacks = append(i.Callbacks, r.uint64())
	}
	i.Code, i.Data = r.bytes(code), r.bytes(written)
	if r.err == nil && len(r.rest) > 0 {
		r.err = errors.New("bytes behind the image")
	}
	if r.err != nil {
		return nil, r.err
	}
	return i, i.check()
}

func (i *Image) check() error {
	const most = 1 << 32
	if i.Page < PageSize || i.Page > MostPage || i.Page&(i.Page-1) != 0 {
		return fmt.Errorf("image for pages of %d bytes", i.Page)
	}
	if i.Zero > most || !i.holds(i.Module, uint64(unsafe.Sizeof(ModuleData{}))) {
		return fmt.Errorf("image of %d bytes with its module at %d", i.Size(), i.Module)
	}
	for _, r := range i.Relocations {
		width, list := uint64(8), 1
		switch r.Kind {
		case Base:
		case Relative:
			width = 4
		case ToShared:
			list = len(i.Shared)
		case ToUnit:
			list = len(i.Units)
		case ToExtern:
			list = len(i.Externs)
		case RelativeToUnit:
			width, list = 4, len(i.Units)
		default:
			return fmt.Errorf("relocation of kind %d", r.Kind)
		}
		if !i.holds(r.Offset, width) || r.Kind >= ToShared && int(r.Index) >= list {
			return fmt.Errorf("relocation outside of the image: %+v", r)
		}
	}
	for _, c := range i.Callbacks {
		if !i.holds(c, 1) {
			return fmt.Errorf("function outside of the image: %d", c)
		}
	}
	for _, s := range i.Shared {
		if s.Offset != None && !i.holds(s.Offset, 1) {
			return fmt.Errorf("shared symbol outside of the image: %+v", s)
		}
	}
	return nil
}

// holds reports whether bytes are in the code or in the data, and not in the gap between them.
func (i *Image) holds(offset, width uint64) bool {
	data := i.DataOffset()
	return offset+width >= width && (offset+width <= uint64(len(i.Code)) || offset >= data && offset+width <= data+uint64(len(i.Data)))
}

// A reader takes values from a slice of bytes; after an error it gives zeroes.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) bytes(n uint64) []byte {
	if n > uint64(len(r.rest)) {
		r.err, r.rest = errors.New("the image is cut off"), nil
		return make([]byte, min(n, 8))
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) uint64() uint64 { return order.Uint64(r.bytes(8)) }
func (r *reader) uint32() uint32 { return order.Uint32(r.bytes(4)) }
func (r *reader) uint8() uint8   { return r.bytes(1)[0] }
func (r *reader) string() string { return string(r.bytes(uint64(r.uint32()))) }
