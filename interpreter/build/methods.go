package build

import "errors"

// dropMethods makes the descriptors of types in a compiled package do without methods that are
// compiled elsewhere. It changes archive, and reports whether it did.
//
// The descriptor of an instance of a generic type is in every package that uses it, but its methods
// are only in those that could name its type arguments: unique.Handle[net/netip.addrDetail], which
// is in each netip.Addr, has them in net/netip. A descriptor gives its methods by their distance
// from the beginning of the module, so none can be in another module, and the linker says "cannot
// target DYNIMPORT sym in section-relative reloc". Such a descriptor is never used: names are bound
// to the first definition, which is in the module that has the methods.
func dropMethods(archive []byte, defined func(name string) bool) (changed bool, err error) {
	err = eachMember(archive, func(_ string, member []byte) error {
		object, err := goObject(member)
		if err != nil || object == nil {
			return err
		}
		names, err := noPackageNames(object)
		if err != nil {
			return err
		}
		return eachMethod(object, func(entry []byte, index uint32) {
			if int(index) < len(names) && !defined(names[index]) {
				clear(entry[goRelocationSymbol:goRelocationSize])
				changed = true
			}
		})
	})
	return changed, err
}

// noPackageNames are the names of the symbols that are found by name, those that are defined first.
func noPackageNames(object []byte) ([]string, error) {
	var names []string
	err := eachSymbol(object, blockStart(object, blockNoPackage), blockStart(object, blockReferences+1), func(name string, _ uint16, _ byte) {
		names = append(names, name)
	})
	return names, err
}

// Parts of a relocation in a Go object file: cmd/internal/goobj.Reloc.
const (
	goRelocationType   = 5
	goRelocationSymbol = 15
	goRelocationSize   = 23

	methodOffset = 26        // cmd/internal/objabi.R_METHODOFF
	noPackage    = 1<<31 - 1 // cmd/internal/goobj.PkgIdxNone
)

// eachMethod calls f with the relocations that refer to methods of types which are found by name.
func eachMethod(object []byte, f func(entry []byte, index uint32)) error {
	from, to := blockStart(object, blockRelocations), blockStart(object, blockRelocations+1)
	if from > to || int(to) > len(object) || (to-from)%goRelocationSize != 0 {
		return errors.New("relocations outside of the object file")
	}
	for ; from < to; from += goRelocationSize {
		entry := object[from : from+goRelocationSize]
		if order.Uint16(entry[goRelocationType:]) == methodOffset && order.Uint32(entry[goRelocationSymbol:]) == noPackage {
			f(entry, order.Uint32(entry[goRelocationSymbol+4:]))
		}
	}
	return nil
}
