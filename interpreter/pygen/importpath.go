package pygen

import "strings"

// prefix begins the import paths of packages for Python modules. No module of Go can have it: their paths begin
// with a name that has a dot in it.
const prefix = "py/"

// ImportPath is the import path, in cells, of the package for a Python module: py/matplotlib/pyplot.
func ImportPath(module string) string { return prefix + strings.ReplaceAll(module, ".", "/") }

// ModuleOf is the Python module that an import path of a cell stands for.
func ModuleOf(importPath string) (module string, ok bool) {
	rest, ok := strings.CutPrefix(importPath, prefix)
	return strings.ReplaceAll(rest, "/", "."), ok
}
