package loader

import (
	"errors"
	"fmt"
	"os"
	"syscall"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// memory is a range of addresses in which units lie one above the other. On amd64 it is within reach of the
// worker's code, which is linked at a fixed low address: calls hold distances of 31 bits. On arm64, where they
// hold 27, what a unit calls in the worker it calls by its address, of 32 bits.
type memory struct {
	next, end uintptr
}

const (
	mostMemory  = 1 << 30
	leastMemory = 1 << 28
	lowest      = 1 << 26 // the worker itself lies below it, mostly
	highest     = 1 << 31
	pageSize    = image.PageSize
)

// reserve takes the range, without using any memory yet. Somewhere in the middle the system has put what
// malloc begins with, at random, so it takes what is largest, as high as it is free.
func (m *memory) reserve() error {
	for size := uintptr(mostMemory); size >= leastMemory; size -= leastMemory / 2 {
		for at := highest - size; at >= lowest; at -= 1 << 24 {
			if reserveAt(at, size) {
				m.next, m.end = at, at+size
				return nil
			}
		}
	}
	return fmt.Errorf("no %d MB of addresses below 2 GB are free for cells", leastMemory>>20)
}

func reserveAt(at, size uintptr) bool {
	const noReplace = 0x100000 // MAP_FIXED_NOREPLACE
	got, _, errno := syscall.Syscall6(syscall.SYS_MMAP, at, size, syscall.PROT_NONE,
		syscall.MAP_PRIVATE|syscall.MAP_ANON|syscall.MAP_NORESERVE|noReplace, ^uintptr(0), 0)
	if errno == 0 && got != at { // an old system that knows no such flag put it elsewhere
		syscall.Syscall(syscall.SYS_MUNMAP, got, size, 0)
	}
	return errno == 0 && got == at
}

// take gives out memory that can be written, for an image that was laid out for pages of a size: the same for
// all.
func (m *memory) take(size, page uint64) (uintptr, error) {
	if system := uint64(os.Getpagesize()); page%system != 0 {
		return 0, fmt.Errorf("it is laid out for pages of %d bytes, and the system has pages of %d", page, system)
	}
	size = (size + page - 1) &^ (page - 1)
	if uint64(m.end-m.next) < size {
		return 0, errors.New("the memory for cells is full: restart the worker")
	}
	at := m.next
	if _, _, errno := syscall.Syscall(syscall.SYS_MPROTECT, at, uintptr(size), syscall.PROT_READ|syscall.PROT_WRITE); errno != 0 {
		return 0, fmt.Errorf("getting memory for a cell: %w", errno)
	}
	m.next += uintptr(size)
	return at, nil
}
