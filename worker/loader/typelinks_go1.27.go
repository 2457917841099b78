//go:build go1.27

package loader

import (
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// TypeLinks is what the runtime keeps of the types of modules, beside the modules. It finds them when they are
// asked for, by walking through the descriptors.
type TypeLinks struct {
	Of    *map[*image.ModuleData][]unsafe.Pointer  // moduleToTypelinks
	Mutex *uintptr                                 // moduleToTypelinksLock
	Find  func(*image.ModuleData) []unsafe.Pointer // moduleTypelinks
}

// setTypeLinks leaves those types in a module's list that are the type and not a copy. Package reflect looks
// for types that the compiler made among these.
func (l *Loader) setTypeLinks(m *image.ModuleData) {
	links := &l.inside.TypeLinks
	own := []unsafe.Pointer{}
	for _, t := range links.Find(m) {
		if m.TypeMap[t] == t {
			own = append(own, t)
		}
	}
	l.inside.Lock(links.Mutex)
	(*links.Of)[m] = own // Find has put the others there
	l.inside.Unlock(links.Mutex)
}
