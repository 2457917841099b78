package cell

import (
	"reflect"
	"unsafe"
)

// LinkC says how symbols in shared objects of C code are found. The worker calls it once.
func LinkC(symbol func(library, name string) (unsafe.Pointer, error)) {
	registry.Lock()
	defer registry.Unlock()
	registry.symbol = symbol
}

// CSymbol is the address of something in the C part of a cell. It panics if it cannot be found: units ask
// when they are loaded.
func CSymbol(library, name string) unsafe.Pointer {
	registry.Lock()
	symbol := registry.symbol
	registry.Unlock()
	if symbol == nil {
		panic("this worker has no C code")
	}
	address, err := symbol(library, name)
	if err != nil {
		panic(err)
	}
	return address
}

// CPointer is a pointer on its way to C. It panics if what that leads to has pointers to memory of Go's in it:
// C could keep them where the collector does not look.
func CPointer[T any](pointer T) T {
	cgoCheckPointer(pointer, nil)
	return pointer
}

// CAddress is CPointer for the address of something that may be part of a whole: only that is looked at.
func CAddress[T any](pointer T) T {
	cgoCheckPointer(pointer, true)
	return pointer
}

// CExport gives the C part of a cell a Go function that it calls, by the pointer to it that stands there
// under a name.
func CExport(library, name string, function any) bool {
	*(*uintptr)(CSymbol(library, name)) = reflect.ValueOf(function).Pointer()
	return true
}
