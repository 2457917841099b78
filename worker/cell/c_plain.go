//go:build !workspace

package cell

// cgoCheckPointer is nothing in a program that has no cells: the linker lets only the cgo tool's code have it.
func cgoCheckPointer(pointer, of any) {}
