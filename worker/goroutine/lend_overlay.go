//go:build workspace

package goroutine

import _ "unsafe" // for linkname

//go:linkname keep runtime.cellKeep
func keep()

//go:linkname endLending runtime.cellEndLending
func endLending()

//go:linkname leave runtime.cellLeave
func leave()

// LendMain runs f in another goroutine and lends it the calling goroutine's thread meanwhile, and all that
// call Roam. The caller must be locked to the thread that the process began with.
func LendMain(f func()) {
	go func() { // ends LendMain
		defer endLending()
		f()
	}()
	keep()
}

// Roam makes the calling goroutine one that runs on any thread and goes to the lent one when it calls C or
// runtime.LockOSThread. It gives the thread back when it ends, and when it waits in between. If the last that
// had the thread has left it with LockOSThread, it goes there at once.
//
//go:linkname Roam runtime.cellRoam
func Roam()

// Leave never returns. It gives back the thread that Roam is about, for goroutines that cannot end: C code
// that called them stands on the stack.
func Leave() {
	leave()
	select {}
}
