package loader

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// A Loader has the memory in which units lie.
type Loader struct {
	initialising sync.Mutex // held while init functions run

	mu     sync.Mutex
	inside *Runtime
	memory memory
	index  index
	shared map[string]unsafe.Pointer // type descriptors and itabs, by name
	loaded map[string]*Unit          // by ID
	owners map[unsafe.Pointer]*owner // of types with methods that units declare, by descriptor
	maps   []image.TypeMap           // keeps what only modules refer to
}

// A Unit is an image that was loaded.
type Unit struct {
	image  *image.Image
	begin  uintptr
	module *image.ModuleData
	types  []ownType // with methods

	initialised bool  // or it was tried
	failure     error // of its init functions
}

// Config says what a loader works with.
type Config struct {
	Runtime *Runtime
}

// New makes a loader. There must be one at most in a process.
func New(c Config) (*Loader, error) {
	l := &Loader{inside: c.Runtime, shared: map[string]unsafe.Pointer{}, loaded: map[string]*Unit{}, owners: map[unsafe.Pointer]*owner{}}
	if err := l.memory.reserve(); err != nil {
		return nil, err
	}
	return l, l.index.make(c.Runtime.CellModules, l.memory)
}

// Load loads the image in a file, unless that was done before, and runs its init functions. The error of
// an image whose init functions panicked is the same each time, for they cannot be run again.
func (l *Loader) Load(path string) (*Unit, error) {
	l.mu.Lock()
	u, err := l.load(path)
	l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	l.initialising.Lock()
	defer l.initialising.Unlock()
	if !u.initialised {
		u.initialised = true
		u.failure = l.initialise(u)
	}
	return u, u.failure
}

// initialise runs the init functions of a unit.
func (l *Loader) initialise(u *Unit) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = fmt.Errorf("panic in an init function: %v", value)
		}
	}()
	l.inside.DoInit(u.module.InitTasks)
	return nil
}

func (l *Loader) load(path string) (*Unit, error) {
	id := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
	if u := l.loaded[id]; u != nil {
		return u, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	i, err := image.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	u := &Unit{image: i}
	if u.begin, err = l.memory.take(i.Size(), i.Page); err != nil {
		return nil, err
	}
	copy(u.bytes(0, uint64(len(i.Code))), i.Code)
	copy(u.bytes(i.DataOffset(), uint64(len(i.Data))), i.Data)
	foreign, err := l.openForeign(path, i)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := l.relocate(u, foreign); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	u.widenTables()
	l.adoptMade(u)
	if err := u.checkPackages(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	refresh(u.begin, u.begin+uintptr(len(i.Code)))
	if err := syscall.Mprotect(u.bytes(0, i.DataOffset()), syscall.PROT_READ|syscall.PROT_EXEC); err != nil {
		return nil, fmt.Errorf("%s: making code executable: %w", path, err)
	}
	l.register(u)
	foreign.connect(u)
	i.Code, i.Data, i.Relocations = nil, nil, nil // those of a large library take many megabytes
	l.loaded[id] = u
	return u, nil
}

// bytes are a range of the unit's memory.
func (u *Unit) bytes(offset, size uint64) []byte {
	return unsafe.Slice((*byte)(u.at(offset)), size)
}

// at is a place in the unit. The memory is none of Go's heap, and stays for good.
func (u *Unit) at(offset uint64) unsafe.Pointer {
	return *(*unsafe.Pointer)(unsafe.Pointer(&[]uintptr{u.begin + uintptr(offset)}[0]))
}

// relocate writes the addresses that depend on where the unit lies and on what was loaded before it.
// Itabs come last: whether the runtime has one already can be asked only when its types are known.
func (l *Loader) relocate(u *Unit, f *foreign) error {
	addresses := make([]unsafe.Pointer, len(u.image.Shared))
	for n, s := range u.image.Shared {
		if !s.Itab {
			if addresses[n] = l.canonical(u, s); addresses[n] == nil {
				return fmt.Errorf("no unit that was loaded has %s", s.Name)
			}
		}
	}
	begins := make([]uintptr, len(u.image.Units))
	for n, id := range u.image.Units {
		other := l.loaded[id]
		if other == nil {
			return fmt.Errorf("it needs the unit %s, which was not loaded", id)
		}
		begins[n] = other.begin
	}
	var later []image.Relocation
	for _, r := range u.image.Relocations {
		switch r.Kind {
		case image.Base:
			*(*uint64)(u.at(r.Offset)) = uint64(u.begin) + uint64(r.Addend)
		case image.Relative:
			if err := u.writeDistance(r.Offset, r.Addend); err != nil {
				return err
			}
		case image.ToShared:
			if addresses[r.Index] == nil {
				later = append(later, r)
				continue
			}
			*(*uint64)(u.at(r.Offset)) = uint64(uintptr(addresses[r.Index])) + uint64(r.Addend)
		case image.ToUnit:
			*(*uint64)(u.at(r.Offset)) = uint64(begins[r.Index]) + uint64(r.Addend)
		case image.ToExtern:
			*(*uint64)(u.at(r.Offset)) = uint64(uintptr(f.externs[r.Index])) + uint64(r.Addend)
		case image.RelativeToUnit:
			if err := u.writeDistance(r.Offset, int64(begins[r.Index])+r.Addend); err != nil {
				return err
			}
		}
	}
	for n, s := range u.image.Shared {
		if s.Itab {
			if addresses[n] = l.canonicalItab(u, s); addresses[n] == nil {
				return fmt.Errorf("no unit that was loaded has %s", s.Name)
			}
		}
	}
	for _, r := range later {
		*(*uint64)(u.at(r.Offset)) = uint64(uintptr(addresses[r.Index])) + uint64(r.Addend)
	}
	return nil
}

// writeDistance writes how far an address is from a place in the unit.
func (u *Unit) writeDistance(offset uint64, address int64) error {
	distance := address - int64(uint64(u.begin)+offset)
	if distance != int64(int32(distance)) {
		return errors.New("the unit lies too far from what it refers to")
	}
	*(*int32)(u.at(offset)) = int32(distance)
	return nil
}

// widenTables makes the table of functions' names reach to the end of the code, where the name of the first is, and
// that of file names as long as there are files. The runtime compares the number of a file with
// the length of that table, in bytes, and reports no position if it is greater. In programs it never is; but a
// cell's table has two names in it, and its files are numbered among all those that it might have code of.
func (u *Unit) widenTables() {
	module := (*image.ModuleData)(u.at(u.image.Module))
	if len(module.FuncNames) > 0 {
		names := &module.FuncNames[0]
		end := u.begin + uintptr(len(u.image.Code))
		module.FuncNames = unsafe.Slice(names, end-uintptr(unsafe.Pointer(names)))
	}
	if files := len(module.CUs); 0 < len(module.Files) && len(module.Files) < files {
		module.Files = unsafe.Slice(&module.Files[0], files) // what comes after the names is never looked at
	}
}

// checkPackages compares the fingerprints of packages that the unit was compiled against with those of
// the worker, as the runtime does for plugins.
func (u *Unit) checkPackages() error {
	module := (*image.ModuleData)(u.at(u.image.Module))
	for _, h := range module.PackageHashes {
		if h.LinkTime != *h.RunTime {
			return fmt.Errorf("the unit was built with a different version of package %s", h.Package)
		}
	}
	return nil
}
