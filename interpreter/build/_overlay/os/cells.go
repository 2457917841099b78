package os

import _ "unsafe" // for linkname

// cellExit is asked before Exit ends the process. The worker sets it, see package worker/goroutine.
//
//go:linkname cellExit
var cellExit func(code int)

// cellRead is what reads from cellStdin call. The worker sets both, see package worker/stdin.
//
//go:linkname cellRead
var cellRead func(b []byte) (int, error)

//go:linkname cellStdin
var cellStdin *File
