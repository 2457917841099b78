// Package native opens shared objects of C code for cells that import "C".
//
// A cell is loaded by worker/loader, which knows Go code only. What such a cell has of C was compiled
// into a shared object, which the system's linker loads: it finds there what the runtime gives to C, for
// the worker exports it.
//
//	p, err := native.Symbol("/cache/c/1f3a.so", "_cgo_1f3a_Cfunc_add")
package native
