//go:build workspace

package cell

import _ "unsafe" // for linkname

// cgoCheckPointer is what the cgo tool lets code call before it calls C.
//
//go:noescape
//go:linkname cgoCheckPointer runtime.cgoCheckPointer
func cgoCheckPointer(pointer, of any)
