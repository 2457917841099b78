//go:build cgo && linux

package capi

/*
#cgo nocallback gopy_copy_descriptor
#cgo nocallback gopy_redirect
#include "shim.h"
*/
import "C"

import "syscall"

// CopyDescriptor returns another file descriptor for the same open file, which child processes do not inherit.
func CopyDescriptor(fd int) (int, error) {
	if fd = int(C.gopy_copy_descriptor(C.int(fd))); fd < 0 {
		return -1, syscall.Errno(-fd)
	}
	return fd, nil
}

// Redirect makes file descriptors 1 and 2 of the process stand for the files behind two others. What C code has written
// to its buffers until then goes where it went.
func Redirect(out, err int) error {
	if errno := C.gopy_redirect(C.int(out), C.int(err)); errno != 0 {
		return syscall.Errno(errno)
	}
	return nil
}
