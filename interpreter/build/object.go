package build

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// references are the symbols that a compiled package defines and refers to, by the names that they
// have in its object file.
type references struct {
	defined   []string
	functions []string // of those that are defined, the functions of Go's own calling convention
	assembly  []string // and those of the assembler's; a function may have both
	undefined []reference
}

// A reference is to a symbol that is defined elsewhere.
type reference struct {
	name     string
	internal bool // it is to a function of Go's own calling convention; else to one of the assembler's, or to data
}

// Blocks of a Go object file, by their place in the header: cmd/internal/goobj, unchanged from
// Go 1.16 to 1.26 but for the magic.
const (
	goobjMagic       = "\x00go120ld"
	blockSymbols     = 3 // followed by two kinds of content-addressed symbols
	blockNoPackage   = 6 // symbols that are found by name
	blockReferences  = 7
	blockRelocations = 14
	goobjBlocks      = 19

	symbolSize      = 21 // name (length and offset), ABI, type, flag, flag2, size, alignment
	symbolABI       = 8
	symbolType      = 10
	abiAssembler    = 0 // ABI0
	abiInternal     = 1
	functionType    = 1 // cmd/internal/objabi.STEXT
	functionTypeFIP = 2 // STEXTFIPS
)

// readReferences reads the symbols of an archive written by the compiler. `go tool nm` would tell
// the same in 60 ms.
func readReferences(archive []byte) (*references, error) {
	r := &references{}
	err := eachMember(archive, func(_ string, member []byte) error {
		object, err := goObject(member)
		if err != nil || object == nil {
			return err
		}
		err = eachSymbol(object, blockStart(object, blockSymbols), blockStart(object, blockReferences), r.define)
		if err != nil {
			return err
		}
		return eachSymbol(object, blockStart(object, blockReferences), blockStart(object, blockReferences+1), func(name string, abi uint16, _ byte) {
			r.undefined = append(r.undefined, reference{name, abi == abiInternal})
		})
	})
	return r, err
}

func (r *references) define(name string, abi uint16, typ byte) {
	r.defined = append(r.defined, name)
	switch isFunction := typ == functionType || typ == functionTypeFIP; {
	case isFunction && abi == abiInternal:
		r.functions = append(r.functions, name)
	case isFunction && abi == abiAssembler:
		r.assembly = append(r.assembly, name)
	}
}

// A nameSet is a set of symbols.
type nameSet map[string]bool

func (s nameSet) has(name string) bool { return s[name] }

// definitions are the symbols that are defined.
func (r *references) definitions() nameSet {
	set := make(nameSet, len(r.defined))
	for _, name := range r.defined {
		set[name] = true
	}
	return set
}

// blockStart is where a block of an object file begins, and the one before it ends.
func blockStart(object []byte, block int) uint32 {
	const fingerprintAndFlags = 12
	return order.Uint32(object[len(goobjMagic)+fingerprintAndFlags+4*block:])
}

// goObject is the object file in a member of an archive; nil if the member is something else.
func goObject(member []byte) ([]byte, error) {
	start := bytes.Index(member, []byte("\n!\n"))
	if !bytes.HasPrefix(member, []byte("go object ")) || start < 0 {
		return nil, nil
	}
	object := member[start+len("\n!\n"):]
	if len(object) < len(goobjMagic)+8+4+4*goobjBlocks || string(object[:len(goobjMagic)]) != goobjMagic {
		return nil, fmt.Errorf("object file of an unknown format %q", object[:min(len(object), len(goobjMagic))])
	}
	return object, nil
}

// eachSymbol calls f with the symbols in a part of an object file.
func eachSymbol(object []byte, from, to uint32, f func(name string, abi uint16, typ byte)) error {
	if from > to || int(to) > len(object) || (to-from)%symbolSize != 0 {
		return fmt.Errorf("symbols at %d to %d of an object file of %d bytes", from, to, len(object))
	}
	for ; from < to; from += symbolSize {
		length, offset := order.Uint32(object[from:]), order.Uint32(object[from+4:])
		if uint64(offset)+uint64(length) > uint64(len(object)) {
			return errors.New("symbol name outside of the object file")
		}
		f(string(object[offset:offset+length]), order.Uint16(object[from+symbolABI:]), object[from+symbolType])
	}
	return nil
}

// archiveMember finds a member of an ar archive.
func archiveMember(archive []byte, name string) ([]byte, error) {
	var found []byte
	err := eachMember(archive, func(n string, member []byte) error {
		if n == name {
			found = member
		}
		return nil
	})
	if err == nil && found == nil {
		err = fmt.Errorf("archive without %s", name)
	}
	return found, err
}

// eachMember calls f with the members of an ar archive.
func eachMember(archive []byte, f func(name string, member []byte) error) error {
	const magic, headerSize = "!<arch>\n", 60
	rest, ok := bytes.CutPrefix(archive, []byte(magic))
	if !ok {
		return errors.New("not an archive")
	}
	for len(rest) >= headerSize {
		size, err := strconv.Atoi(strings.TrimSpace(string(rest[48:58])))
		if err != nil || size < 0 || size > len(rest)-headerSize {
			return errors.New("broken archive")
		}
		if err := f(strings.TrimRight(string(rest[:16]), " /"), rest[headerSize:headerSize+size]); err != nil {
			return err
		}
		rest = rest[min(headerSize+size+size%2, len(rest)):]
	}
	return nil
}
