package runtime

import "unsafe"

// This file is added to package runtime when the worker is built. With it the runtime finds the module of
// a function of a cell without going through all modules that were loaded, of which there may be
// thousands: stacks are unwound whenever one grows, at panics and at collections. Package worker/loader
// is the other side.

// A cellModuleIndex says for each page of the memory where cells lie which module is there. It is none of
// the heap, and entries are only ever added.
type cellModuleIndex struct {
	from, size uintptr
	pages      unsafe.Pointer // to *moduledata
}

const cellPageSize = 4096

//go:linkname cellModules
var cellModules cellModuleIndex

// find is called by findmoduledatap for an address that is in the memory where cells lie.
//
//go:nosplit
func (x *cellModuleIndex) find(pc uintptr) *moduledata {
	datap := *(**moduledata)(add(x.pages, (pc-x.from)/cellPageSize*unsafe.Sizeof(x.pages)))
	if datap == nil || pc < datap.minpc || pc >= datap.maxpc {
		return nil
	}
	return datap
}
