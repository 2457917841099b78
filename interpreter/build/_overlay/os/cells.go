package os

import _ "unsafe" // for linkname

// cellExit is asked before Exit ends the process. The worker sets it, see package worker/goroutine.
//
//go:linkname cellExit
var cellExit func(code int)
