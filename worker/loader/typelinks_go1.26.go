//go:build !go1.27

package loader

import "github.com/gopy-kernel/gopy-kernel/internal/image"

// TypeLinks is what the runtime keeps of the types of modules, beside the modules: nothing.
type TypeLinks struct{}

// setTypeLinks leaves those types in a module's list that are the type and not a copy. Package reflect looks
// for types that the compiler made among these.
func (l *Loader) setTypeLinks(m *image.ModuleData) {
	links := m.TypeLinks[:0]
	for _, l := range m.TypeLinks {
		if own := m.Types + uintptr(l); uintptr(m.TypeMap[l]) == own {
			links = append(links, l)
		}
	}
	m.TypeLinks = links
}
