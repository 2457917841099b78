package native

/*
#cgo LDFLAGS: -ldl
#include <stdlib.h>
#include "native.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"strings"
	"unsafe"
)

// Symbol is the address of something in a shared object, which it opens if that was not done before. It
// may be called from any goroutine. The shared object is never closed.
func Symbol(library, name string) (unsafe.Pointer, error) {
	path, symbol := C.CString(library), C.CString(name)
	defer C.free(unsafe.Pointer(path))
	defer C.free(unsafe.Pointer(symbol))
	var message *C.char
	opened := C.gopy_native_open(path, &message)
	if opened == nil {
		return nil, fmt.Errorf("opening C code: %w", failure(library, message))
	}
	address := C.gopy_native_symbol(opened, symbol, &message)
	if address == nil {
		return nil, fmt.Errorf("finding %s in C code: %w", name, failure(library, message))
	}
	return address, nil
}

// failure takes a message and frees it. It begins with the path of what failed.
func failure(library string, message *C.char) error {
	defer C.free(unsafe.Pointer(message))
	return errors.New(strings.TrimPrefix(C.GoString(message), library+": "))
}
