package archtest

import (
	"go/token"
	"slices"
	"strings"
)

// imported holds one import against the table.
func (c *checker) imported(folder, file string, r row, hasRow bool, at token.Pos, name string) {
	ours, isOurs := strings.CutPrefix(name, c.module+"/")
	if name == c.module {
		ours, isOurs = ".", true
	}
	switch {
	case name == "C":
		if !slices.Contains(c.cgo, folder) {
			c.report(at, "only %s may import \"C\"", strings.Join(c.cgo, " and "))
		}
	case isOurs:
		c.importedOurs(folder, r, hasRow, at, ours)
	case isModule(name):
		c.importedModule(folder, file, r, hasRow, at, name)
	}
}

func (c *checker) importedOurs(folder string, r row, hasRow bool, at token.Pos, ours string) {
	switch {
	case hasRow && !slices.Contains(r.ours, ours) && !slices.Contains(r.ours, anything):
		c.report(at, "%s may not import %s", folder, ours)
	case c.inWorker(folder) && !c.inWorker(ours):
		c.report(at, "%s is linked into the worker, and %s is not", folder, ours)
	}
}

func (c *checker) importedModule(folder, file string, r row, hasRow bool, at token.Pos, name string) {
	switch {
	case c.inWorker(folder):
		c.report(at, "%s is linked into the worker, and may not import %s: only the standard library and packages of ours", folder, name)
	case hasRow && !slices.ContainsFunc(r.modules, func(module string) bool { return below(name, module) }):
		c.report(at, "%s may not import %s", folder, name)
	}
	for module, only := range c.single {
		if below(name, module) && file != only {
			c.report(at, "only %s may import %s", only, name)
		}
	}
}

func (c *checker) inWorker(folder string) bool {
	return slices.ContainsFunc(c.worker, func(dir string) bool { return below(folder, dir) })
}

// isModule tells modules from the standard library, whose import paths have no dot in their first part.
func isModule(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return strings.Contains(first, ".")
}
