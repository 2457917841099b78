//go:build cgo && linux

package capi

/*
#include <stdint.h>
*/
import "C"

import "unsafe"

// gopyInvoke runs a Go function that Python called. Its result is written to out, which has room for
// room words, or, when it is longer, to a block whose address is then in out[0].
//
//export gopyInvoke
func gopyInvoke(id C.uint64_t, args *C.uint64_t, n C.uint64_t, out *C.uint64_t, room C.uint64_t) C.uint64_t {
	result := NewFrame()
	defer result.Free()
	result.head[headStream] = 0
	result.inline = true
	result.args = Reader{words: unsafe.Slice((*uint64)(unsafe.Pointer(args)), int(n))}
	hooks.Load().Call(uint64(id), &result.args, result)
	result.lent = result.lent[:0]
	if kept := result.takeKept(); kept != nil {
		result.put(uint64(TagRef), hooks.Load().Keep(kept)) // behind the value: gopy_abandon finds it
	}
	to := unsafe.Slice((*uint64)(unsafe.Pointer(out)), int(room))
	if len(result.in) > len(to) {
		to[0] = copyToC(result.in)
	} else {
		copy(to, result.in)
	}
	return C.uint64_t(len(result.in))
}

//export gopyStarter
func gopyStarter() C.uint64_t { return C.uint64_t(hooks.Load().Starter()) }

//export gopyPrint
func gopyPrint(number C.uint64_t, fd C.int, text *C.char, n C.uint64_t) C.int {
	if hooks.Load().Print(uint64(number), fd == 2, unsafe.Slice((*byte)(unsafe.Pointer(text)), int(n))) {
		return 1
	}
	return 0
}

//export gopyForget
func gopyForget(id C.uint64_t) { hooks.Load().Forget(uint64(id)) }
