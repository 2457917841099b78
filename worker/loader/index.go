package loader

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// index is how the runtime finds the module of a function in the memory of units. Its own way is to ask one
// module after the other: with a thousand units, a stack of fifty thousand frames takes a hundred times as
// long to grow.
type index struct {
	from  uintptr
	pages []*image.ModuleData // mapped, none of the heap
}

// make makes the index of a memory and gives it to the runtime.
func (x *index) make(runtime *ModuleIndex, m memory) error {
	count := int((m.end - m.next) / pageSize)
	data, err := syscall.Mmap(-1, 0, count*int(unsafe.Sizeof(x.pages[0])), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE)
	if err != nil {
		return fmt.Errorf("getting memory for the index of cells: %w", err)
	}
	x.from, x.pages = m.next, unsafe.Slice((**image.ModuleData)(unsafe.Pointer(&data[0])), count)
	runtime.Pages, runtime.From = unsafe.Pointer(&data[0]), x.from
	atomic.StoreUintptr(&runtime.Size, m.end-m.next) // last: with it the runtime begins to ask
	return nil
}

// add makes a unit's module known.
func (x *index) add(u *Unit) {
	first := (u.begin - x.from) / pageSize
	for page := first; page*pageSize < u.begin-x.from+uintptr(u.image.DataOffset()); page++ {
		x.pages[page] = u.module
	}
}
