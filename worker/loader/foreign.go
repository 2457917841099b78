package loader

import (
	"fmt"
	"path/filepath"
	"strings"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// A foreign value is the shared object beside an image: the C code of its packages.
type foreign struct {
	externs []unsafe.Pointer
	table   unsafe.Pointer
}

// openForeign opens the shared object beside an image, if it has one.
func (l *Loader) openForeign(path string, i *image.Image) (*foreign, error) {
	if i.Table == "" {
		return &foreign{}, nil
	}
	object := strings.TrimSuffix(path, filepath.Ext(path)) + ".so"
	handle, err := l.inside.OpenObject(object)
	if err != nil {
		return nil, fmt.Errorf("its C code: %w", err)
	}
	f := &foreign{table: l.inside.Symbol(handle, i.Table)}
	for _, name := range i.Externs {
		f.externs = append(f.externs, l.inside.Symbol(handle, name))
		if f.externs[len(f.externs)-1] == nil {
			return nil, fmt.Errorf("its C code has no %s", name)
		}
	}
	if f.table == nil {
		return nil, fmt.Errorf("its C code has no %s", i.Table)
	}
	return f, nil
}

// connect lets C code call the unit's functions.
func (f *foreign) connect(u *Unit) {
	for n, callback := range u.image.Callbacks {
		*(*unsafe.Pointer)(unsafe.Add(f.table, 8*n)) = u.at(callback)
	}
}
