package pybridge_test

import (
	"runtime"
)

// collect lets garbage Objects be noticed.
func collect() {
	runtime.GC()
	runtime.GC()
}
