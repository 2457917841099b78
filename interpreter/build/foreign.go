package build

import (
	"bytes"
	"context"
	"debug/elf"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Packages with C code have compiled C objects in their archives. These become a shared object beside
// the library's image, which the loader opens first: the image refers to its symbols by name. The other
// way round, C calls Go functions that were exported to it, and the dynamic loader knows nothing of images.
// So the shared object has a function for each that jumps through a table, which the loader fills in.

// foreign is the C code of a library.
type foreign struct {
	objects   []string // paths of the C objects
	flags     []string // of the C linker, in the packages' words
	imports   nameSet  // what Go code refers to
	callbacks []string // functions of Go that C code calls
}

func newForeign() *foreign { return &foreign{imports: nameSet{}} }

// empty reports whether there is no C code.
func (f *foreign) empty() bool { return f == nil || len(f.objects) == 0 }

// callbackPrefix begins the names of the functions by which C calls Go.
const callbackPrefix = "_cgoexp_"

// takeForeign takes the C code out of a package's archive.
func (s *step) takeForeign(f *foreign, archive []byte) error {
	return eachMember(archive, func(_ string, member []byte) error {
		if bytes.HasPrefix(member, []byte(elf.ELFMAG)) {
			return s.takeObject(f, member)
		}
		return f.takePragmas(member)
	})
}

func (s *step) takeObject(f *foreign, object []byte) error {
	name := fmt.Sprintf("foreign%d.o", len(f.objects))
	f.objects = append(f.objects, name)
	file, err := elf.NewFile(bytes.NewReader(object))
	if err != nil {
		return fmt.Errorf("reading a C object: %w", err)
	}
	symbols, err := file.Symbols()
	if err != nil && !errors.Is(err, elf.ErrNoSymbols) {
		return fmt.Errorf("reading a C object: %w", err)
	}
	for _, symbol := range symbols {
		switch {
		case symbol.Section != elf.SHN_UNDEF:
		case strings.HasPrefix(symbol.Name, callbackPrefix):
			f.callbacks = append(f.callbacks, symbol.Name)
		case symbol.Name == "__gxx_personality_v0" && !slices.Contains(f.flags, "-lstdc++"):
			f.flags = append(f.flags, "-lstdc++")
		}
	}
	return s.write(name, object)
}

// takePragmas reads what cgo has told the linker, which stands as JSON in the head of a Go object: lists
// of words.
func (f *foreign) takePragmas(member []byte) error {
	const begin, end = "\n$$  // cgo\n", "\n$$\n"
	_, text, ok := bytes.Cut(member, []byte(begin))
	if !ok {
		return nil
	}
	text, _, _ = bytes.Cut(text, []byte(end))
	var pragmas [][]string
	if err := json.Unmarshal(text, &pragmas); err != nil {
		return fmt.Errorf("reading what cgo has written: %w", err)
	}
	for _, p := range pragmas {
		switch {
		case len(p) < 2:
		case p[0] == "cgo_ldflag":
			f.flags = append(f.flags, p[1])
		case p[0] == "cgo_import_static":
			f.imports[p[1]] = true
		}
	}
	return nil
}

// linkForeign links the C code of the library.
func (s *step) linkForeign(ctx context.Context, f *foreign) error {
	slices.Sort(f.callbacks)
	f.callbacks = slices.Compact(f.callbacks)
	if err := s.write("callbacks.s", []byte(f.jumps(s.toolchain.machine(), s.id))); err != nil {
		return err
	}
	// Bound to its own symbols first: two libraries may have brought the same C code.
	args := slices.Concat([]string{"-shared", "-s", "-Wl,-Bsymbolic", "-Wl,-z,noexecstack", "-o", libraryObject(s.id), "callbacks.s"}, f.objects, f.flags)
	out, err := s.tool(ctx, s.toolchain.CC, args...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("linking its C code: %w: %s", err, out)
	}
	return nil
}

// jumps is assembly code of the functions by which C calls Go.
func (f *foreign) jumps(m *machine, id string) string {
	b := new(strings.Builder)
	b.WriteString("\t.text\n")
	for n, name := range f.callbacks {
		fmt.Fprintf(b, "\t.globl %s\n\t.type %[1]s, %%function\n%[1]s:\n%[2]s", name, m.jump(fmt.Sprintf("table+%d", 8*n)))
	}
	fmt.Fprintf(b, "\t.data\n\t.balign 8\n\t.globl %[1]s\n%[1]s:\ntable:\n\t.skip %[2]d\n\t.section .note.GNU-stack,\"\",%%progbits\n", callbackTable(id), 8*len(f.callbacks)+8)
	return b.String()
}

// callbackTable is the name of the table that the jumps go through.
func callbackTable(id string) string { return "gopy_callbacks_" + id }

// libraryObject is the file name of a library's C code.
func libraryObject(id string) string { return id + ".so" }

// placeForeign notes in the image what the loader has to connect.
func (p *placer) placeForeign(f *foreign, id string) error {
	p.image.Table = callbackTable(id)
	for _, name := range f.callbacks {
		at, ok := p.placed(name)
		if !ok {
			return fmt.Errorf("%s is called by C code, and no package exports it", name)
		}
		p.image.Callbacks = append(p.image.Callbacks, at)
	}
	return nil
}

// placed is where a function of the image is.
func (p *placer) placed(name string) (uint64, bool) {
	for _, d := range p.exported() {
		if strings.TrimSuffix(d.name, internalSuffix) == name {
			return p.at[d.section] + d.value, true
		}
	}
	return 0, false
}
