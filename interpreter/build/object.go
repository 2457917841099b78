package build

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// references are the names of the symbols that a compiled package defines and refers to, as they
// stand in its object file.
type references struct {
	defined   []string
	undefined []string
}

// Blocks of a Go object file that hold symbols, by their place in the header: cmd/internal/goobj,
// unchanged from Go 1.16 to 1.26 but for the magic.
const (
	goobjMagic      = "\x00go120ld"
	blockSymbols    = 3 // followed by two kinds of content-addressed symbols and those without package
	blockReferences = 7
	goobjBlocks     = 19
	symbolSize      = 21 // name (length and offset), ABI, type, flag, flag2, size, alignment
)

// readReferences reads the symbols of an archive written by the compiler. `go tool nm` would tell
// the same in 60 ms.
func readReferences(archive []byte) (*references, error) {
	object, err := archiveMember(archive, "_go_.o")
	if err != nil {
		return nil, err
	}
	start := bytes.Index(object, []byte("\n!\n"))
	if start < 0 {
		return nil, errors.New("object file without header")
	}
	object = object[start+len("\n!\n"):]
	headerSize := len(goobjMagic) + 8 + 4 + 4*goobjBlocks
	if len(object) < headerSize || string(object[:len(goobjMagic)]) != goobjMagic {
		return nil, fmt.Errorf("object file of an unknown format %q", object[:min(len(object), len(goobjMagic))])
	}
	block := func(i int) uint32 {
		return binary.LittleEndian.Uint32(object[len(goobjMagic)+12+4*i:])
	}
	r := &references{}
	if r.defined, err = symbolNames(object, block(blockSymbols), block(blockReferences)); err != nil {
		return nil, err
	}
	if r.undefined, err = symbolNames(object, block(blockReferences), block(blockReferences+1)); err != nil {
		return nil, err
	}
	return r, nil
}

func symbolNames(object []byte, from, to uint32) ([]string, error) {
	if from > to || int(to) > len(object) || (to-from)%symbolSize != 0 {
		return nil, fmt.Errorf("symbols at %d to %d of an object file of %d bytes", from, to, len(object))
	}
	names := make([]string, 0, (to-from)/symbolSize)
	for ; from < to; from += symbolSize {
		length, offset := binary.LittleEndian.Uint32(object[from:]), binary.LittleEndian.Uint32(object[from+4:])
		if uint64(offset)+uint64(length) > uint64(len(object)) {
			return nil, errors.New("symbol name outside of the object file")
		}
		names = append(names, string(object[offset:offset+length]))
	}
	return names, nil
}

// archiveMember finds a member of an ar archive.
func archiveMember(archive []byte, name string) ([]byte, error) {
	const magic, headerSize = "!<arch>\n", 60
	rest, ok := bytes.CutPrefix(archive, []byte(magic))
	if !ok {
		return nil, errors.New("not an archive")
	}
	for len(rest) >= headerSize {
		size, err := strconv.Atoi(strings.TrimSpace(string(rest[48:58])))
		if err != nil || size < 0 || size > len(rest)-headerSize {
			return nil, errors.New("broken archive")
		}
		member := rest[headerSize : headerSize+size]
		if strings.TrimRight(string(rest[:16]), " /") == name {
			return member, nil
		}
		rest = rest[min(headerSize+size+size%2, len(rest)):]
	}
	return nil, fmt.Errorf("archive without %s", name)
}
