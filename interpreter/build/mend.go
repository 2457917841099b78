package build

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
)

// A relocatable is the object file that the Go linker hands to the system's: what mend changes.
type relocatable struct {
	data     []byte
	sections []*elf.Section
	symtab   int // indexes of sections
	strtab   int
	symbols  []byte
	strings  []byte
}

// mend makes of the Go linker's output what the system's linker can turn into a unit. It does five
// things.
//
// With -buildmode=plugin the Go linker lists runtime.addmoduledata among the functions of the
// module, for it expects the runtime to be part of it; with -linkshared it is not, and the call
// in go:link.addmoduledata ends in padding. The padding stays as a hidden function, since the module's
// last address is taken from it, and the call is given to the real one.
//
// Functions of shared libraries are referred to with an ABI suffix that a program does not export.
//
// Type descriptors and itabs stay visible, named by identity; all else is hidden.
//
// The module is named by its file, whose name is a hash of its content: the runtime refuses a
// second module of the same name. And the check of the stub's hash compares it with itself; the
// hashes of the packages are the check that counts.
//
// The marker that generated code puts before names of functions is taken out of the line table.
func mend(data []byte, types map[string]string, defined []string) ([]byte, error) {
	o, err := readRelocatable(data)
	if err != nil {
		return nil, err
	}
	names, err := sharedNames(defined, types)
	if err != nil {
		return nil, err
	}
	o.nameSymbols(names)
	if err := o.nameModule(); err != nil {
		return nil, err
	}
	if err := o.unmarkFunctions(); err != nil {
		return nil, err
	}
	// Last, because it adds to the tables that the others read.
	if err := o.callAddmoduledata(); err != nil {
		return nil, err
	}
	return o.data, nil
}

func readRelocatable(data []byte) (*relocatable, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the linker's output: %w", err)
	}
	o := &relocatable{data: data, sections: f.Sections}
	for i, s := range f.Sections {
		if s.Type == elf.SHT_SYMTAB {
			o.symtab, o.strtab = i, int(s.Link)
		}
	}
	if o.symtab == 0 {
		return nil, errors.New("the linker's output has no symbols")
	}
	o.symbols, o.strings = o.content(o.symtab), o.content(o.strtab)
	return o, nil
}

// content is a copy of a section, for the tables that grow.
func (o *relocatable) content(i int) []byte {
	s := o.sections[i]
	return bytes.Clone(o.data[s.Offset : s.Offset+s.Size])
}

func (o *relocatable) section(name string) (int, error) {
	for i, s := range o.sections {
		if s.Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("the linker's output has changed: it has no section %s", name)
}

func (o *relocatable) symbolName(entry []byte) string {
	name := o.strings[order.Uint32(entry):]
	return string(name[:bytes.IndexByte(name, 0)])
}

func (o *relocatable) addString(s string) uint32 {
	offset := uint32(len(o.strings))
	o.strings = append(append(o.strings, s...), 0)
	return offset
}

// replace gives a section new content, at the end of the file.
func (o *relocatable) replace(i int, content []byte) {
	const sectionSize = 64
	for len(o.data)%16 != 0 {
		o.data = append(o.data, 0)
	}
	header := order.Uint64(o.data[40:]) + uint64(i)*sectionSize
	order.PutUint64(o.data[header+24:], uint64(len(o.data)))
	order.PutUint64(o.data[header+32:], uint64(len(content)))
	o.data = append(o.data, content...)
}

// nameSymbols renames the symbols that units share, takes ABI suffixes off, and hides the rest.
func (o *relocatable) nameSymbols(names map[string]string) {
	for e := o.symbols[elfSymbolSize:]; len(e) > 0; e = e[elfSymbolSize:] {
		if elf.ST_BIND(e[4]) != elf.STB_GLOBAL {
			continue
		}
		name := o.symbolName(e)
		if order.Uint16(e[6:]) == uint16(elf.SHN_UNDEF) {
			if plain, ok := strings.CutSuffix(name, ".abiinternal"); ok {
				order.PutUint32(e, o.addString(plain))
			}
			continue
		}
		if identity, ok := names[name]; ok {
			order.PutUint32(e, o.addString(identity))
		}
		if !shared(name) {
			e[5] = byte(elf.STV_HIDDEN)
		}
	}
}

// shared reports whether a symbol is one for all units.
func shared(name string) bool {
	switch {
	case name == "runtime.tlsg": // where a thread keeps its goroutine: it must be the worker's
		return true
	case strings.HasPrefix(name, "go:link.pkghash"):
		return !strings.HasSuffix(name, ".main")
	}
	return strings.HasPrefix(name, "type:") || strings.HasPrefix(name, "go:itab.")
}

// sharedNames maps the names under which the linker lists types and itabs of package main to names
// that carry the identities of those types.
func sharedNames(defined []string, types map[string]string) (map[string]string, error) {
	names := map[string]string{}
	for _, name := range defined {
		if strings.HasPrefix(name, "type:.") || !strings.HasPrefix(name, "type:") && !strings.HasPrefix(name, "go:itab.") {
			continue
		}
		identity, err := identify(name, types)
		if err != nil {
			return nil, err
		}
		if identity != name {
			sum := sha256.Sum256([]byte(identity))
			names[mangle(name)] = "type:main." + base64.RawURLEncoding.EncodeToString(sum[:16])
		}
	}
	return names, nil
}

// identify puts the identities of the types of package main into the name of a symbol. A name in
// it that is not a type's is that of an unexported field or method, and stays: two units with the
// same anonymous struct agree on its name, whatever types they have.
func identify(symbol string, types map[string]string) (string, error) {
	const pkg = "main."
	b := new(strings.Builder)
	rest := symbol
	for {
		at := strings.Index(rest, pkg)
		if at < 0 {
			b.WriteString(rest)
			return b.String(), nil
		}
		end := at + len(pkg)
		for end < len(rest) && isNameByte(rest[end]) {
			end++
		}
		b.WriteString(rest[:end])
		name := rest[at+len(pkg) : end]
		if begins(symbol[:len(symbol)-len(rest)+at]) && !isMember(rest[end:]) {
			identity, ok := types[name]
			if !ok && strings.Contains(name, "·") {
				return "", fmt.Errorf("%s is a type without an identity, in %s", name, symbol)
			}
			if ok {
				b.WriteString("#" + identity)
			}
		}
		rest = rest[end:]
	}
}

// begins reports whether a qualified name may begin behind what stands before it: main.T does in
// []main.T, and not in example.com/main.T.
func begins(before string) bool {
	return before == "" || strings.HasSuffix(before, "...") || before == "go:itab." || strings.ContainsAny(before[len(before)-1:], ":,*[](){}; ")
}

// isNameByte reports whether c is part of an identifier or of the number of a local type; all bytes
// beyond ASCII are.
func isNameByte(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// isMember reports whether what follows a name shows it to be a field's or a method's: a field is
// followed by a space and its type, a method by its parameters. An embedded field is followed by
// neither, and is a type.
func isMember(after string) bool {
	switch {
	case strings.HasPrefix(after, "("):
		return true
	case strings.HasPrefix(after, " "):
		return !strings.HasPrefix(after, " }") && !strings.HasPrefix(after, ` "`)
	}
	return false
}

// nameModule gives the module the name of its file, and points the check of the stub's hash at the
// hash itself. Both are changes of relocations.
func (o *relocatable) nameModule() error {
	module, err := o.section(".rela.go.module")
	if err != nil {
		return err
	}
	name, path := o.relocation(module, "go:link.thismodulename"), o.relocation(module, "go:link.thispluginpath")
	if name == nil || path == nil {
		return errors.New("the linker's output has changed: the module has no name or path")
	}
	content := o.data[o.sections[o.sections[module].Info].Offset:]
	copy(path[8:], name[8:]) // symbol and addend
	copy(content[order.Uint64(path)+8:][:8], content[order.Uint64(name)+8:][:8])

	for i, s := range o.sections {
		if s.Type != elf.SHT_RELA || i == module {
			continue
		}
		if check := o.relocation(i, stubHash); check != nil {
			return o.pointAtItself(i, check)
		}
	}
	return errors.New("the linker's output has changed: it does not check the stub's hash")
}

// relocation finds the entry of a relocation section that refers to a symbol.
func (o *relocatable) relocation(section int, symbol string) []byte {
	const size = 24
	s := o.sections[section]
	for e := o.data[s.Offset : s.Offset+s.Size]; len(e) >= size; e = e[size:] {
		index := order.Uint32(e[12:])
		if o.symbolName(o.symbols[index*elfSymbolSize:]) == symbol {
			return e[:size]
		}
	}
	return nil
}

// pointAtItself changes the last field of a runtime.modulehash, a pointer to the hash that is seen
// at run time, to point at the field before it, the hash that was seen when linking.
func (o *relocatable) pointAtItself(section int, check []byte) error {
	const hashBefore = 16
	target := o.sections[section].Info
	for i, e := 0, o.symbols; len(e) > 0; i, e = i+1, e[elfSymbolSize:] {
		if uint32(order.Uint16(e[6:])) != target || order.Uint64(e[16:]) == 0 {
			continue
		}
		start, size := order.Uint64(e[8:]), order.Uint64(e[16:])
		if at := order.Uint64(check); start <= at && at < start+size {
			order.PutUint64(check[8:], uint64(i)<<32|uint64(elf.R_X86_64_64))
			order.PutUint64(check[16:], at-hashBefore-start)
			return nil
		}
	}
	return errors.New("the linker's output has changed: the hash that it checks is in no symbol")
}

// callAddmoduledata gives the call in go:link.addmoduledata, which tells the runtime of the module
// when it is loaded, a relocation to the worker's runtime.addmoduledata.
func (o *relocatable) callAddmoduledata() error {
	text, err := o.section(".text")
	if err != nil {
		return err
	}
	rela, err := o.section(".rela.text")
	if err != nil {
		return err
	}
	const callOperand = 8 // lea (7 bytes), then the opcode of call
	var call uint64
	var padding []byte
	for e := o.symbols[elfSymbolSize:]; len(e) > 0; e = e[elfSymbolSize:] {
		switch o.symbolName(e) {
		case "go:link.addmoduledata":
			call = order.Uint64(e[8:]) + callOperand
		case "runtime.addmoduledata.abi0":
			padding = e
		}
	}
	code := o.data[o.sections[text].Offset:][:o.sections[text].Size]
	if padding == nil || call < callOperand || call+4 > uint64(len(code)) || code[call-1] != 0xe8 {
		return errors.New("the linker's output has changed: no call of runtime.addmoduledata where it is expected")
	}
	target := uint64(int64(call) + 4 + int64(int32(order.Uint32(code[call:]))))
	order.PutUint32(padding, o.addString("~runtime.addmoduledata"))
	padding[5] = byte(elf.STV_HIDDEN)
	order.PutUint16(padding[6:], uint16(text))
	order.PutUint64(padding[8:], target)
	order.PutUint64(padding[16:], 16)

	index := len(o.symbols) / elfSymbolSize
	symbol := make([]byte, elfSymbolSize)
	order.PutUint32(symbol, o.addString("runtime.addmoduledata.abi0"))
	symbol[4] = byte(elf.STB_GLOBAL)<<4 | byte(elf.STT_FUNC)
	o.symbols = append(o.symbols, symbol...)

	entry := order.AppendUint64(o.content(rela), call)
	entry = order.AppendUint64(entry, uint64(index)<<32|uint64(elf.R_X86_64_PLT32))
	entry = order.AppendUint64(entry, ^uint64(3))
	o.replace(o.symtab, o.symbols)
	o.replace(o.strtab, o.strings)
	o.replace(rela, entry)
	return nil
}

// Marker stands in generated code before the names of functions, constants and other things that
// people never see: it is a letter, so that the code is Go, and not an upper-case one, so that no
// function is exported: the compiler would write exported functions into the plugin's table.
const Marker = "ǃ"

// unmarkFunctions takes the marker out of the names in the line table, which tracebacks print.
// A name ends in a zero byte and is found by where it begins, so a shorter one is put in its place.
func (o *relocatable) unmarkFunctions() error {
	i, err := o.section(".gopclntab")
	if err != nil {
		return err
	}
	s := o.sections[i]
	table := o.data[s.Offset : s.Offset+s.Size]
	const namesAt, unitsAt = 32, 40 // offsets in runtime.pcHeader
	if len(table) < unitsAt+8 {
		return errors.New("the linker's output has changed: short line table")
	}
	from, to := order.Uint64(table[namesAt:]), order.Uint64(table[unitsAt:])
	if from > to || to > uint64(len(table)) {
		return errors.New("the linker's output has changed: no names of functions in the line table")
	}
	for names := table[from:to]; len(names) > 0; {
		end := bytes.IndexByte(names, 0)
		if end < 0 {
			break
		}
		n := copy(names, bytes.ReplaceAll(names[:end], []byte(Marker), nil))
		clear(names[n:end])
		names = names[end+1:]
	}
	return nil
}
