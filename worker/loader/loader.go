package loader

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// A Loader has the memory in which units lie.
type Loader struct {
	mu     sync.Mutex
	inside *Runtime
	memory memory
	shared map[string]unsafe.Pointer  // type descriptors and itabs, by name
	loaded map[string]*Unit           // by path
	owners map[unsafe.Pointer]*owner  // of types with methods that units declare, by descriptor
	maps   []map[int32]unsafe.Pointer // keeps what only modules refer to
}

// A Unit is an image that was loaded.
type Unit struct {
	image  *image.Image
	begin  uintptr
	module *image.ModuleData
	types  []ownType // with methods
}

// Config says what a loader works with.
type Config struct {
	Runtime *Runtime
}

// New makes a loader. There must be one at most in a process.
func New(c Config) (*Loader, error) {
	l := &Loader{inside: c.Runtime, shared: map[string]unsafe.Pointer{}, loaded: map[string]*Unit{}, owners: map[unsafe.Pointer]*owner{}}
	return l, l.memory.reserve()
}

// Load loads the image in a file, unless that was done before, and runs its init functions.
func (l *Loader) Load(path string) (*Unit, error) {
	l.mu.Lock()
	u, err := l.load(path)
	l.mu.Unlock()
	if err != nil || u.module == nil {
		return nil, err
	}
	// Init functions are not run twice: the runtime notes that they were.
	l.inside.DoInit(u.module.InitTasks)
	return u, nil
}

func (l *Loader) load(path string) (*Unit, error) {
	if u := l.loaded[path]; u != nil {
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
	if u.begin, err = l.memory.take(i.Size()); err != nil {
		return nil, err
	}
	copy(u.bytes(0, uint64(len(i.Code))), i.Code)
	copy(u.bytes(i.DataOffset(), uint64(len(i.Data))), i.Data)
	if err := l.relocate(u); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	l.adoptMade(u)
	if err := u.checkPackages(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := syscall.Mprotect(u.bytes(0, i.DataOffset()), syscall.PROT_READ|syscall.PROT_EXEC); err != nil {
		return nil, fmt.Errorf("%s: making code executable: %w", path, err)
	}
	l.register(u)
	l.loaded[path] = u
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
func (l *Loader) relocate(u *Unit) error {
	addresses := make([]unsafe.Pointer, len(u.image.Shared))
	for n, s := range u.image.Shared {
		if !s.Itab {
			addresses[n] = l.canonical(u, s)
		}
	}
	var later []image.Relocation
	for _, r := range u.image.Relocations {
		switch r.Kind {
		case image.Base:
			*(*uint64)(u.at(r.Offset)) = uint64(u.begin) + uint64(r.Addend)
		case image.Relative:
			distance := r.Addend - int64(uint64(u.begin)+r.Offset)
			if distance != int64(int32(distance)) {
				return errors.New("the unit lies too far from the worker's code")
			}
			*(*int32)(u.at(r.Offset)) = int32(distance)
		case image.ToShared:
			if addresses[r.Index] == nil {
				later = append(later, r)
				continue
			}
			*(*uint64)(u.at(r.Offset)) = uint64(uintptr(addresses[r.Index])) + uint64(r.Addend)
		case image.ToExtern:
			return fmt.Errorf("no library that was loaded has %s", u.image.Externs[r.Index])
		}
	}
	for n, s := range u.image.Shared {
		if s.Itab {
			addresses[n] = l.canonicalItab(u, s)
		}
	}
	for _, r := range later {
		*(*uint64)(u.at(r.Offset)) = uint64(uintptr(addresses[r.Index])) + uint64(r.Addend)
	}
	return nil
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
