package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A tree is the Go code of a module, without tests.
type tree struct {
	files   *token.FileSet
	folders map[string][]*file // by path
}

type file struct {
	path   string
	syntax *ast.File
}

// readTree reads all that the go command would take for packages of the module.
func readTree(root fs.FS) (*tree, error) {
	t := &tree{files: token.NewFileSet(), folders: map[string][]*file{}}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skip(root, name)
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		syntax, err := parser.ParseFile(t.files, name, text, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		t.folders[path.Dir(name)] = append(t.folders[path.Dir(name)], &file{name, syntax})
		return nil
	})
	if err == nil && len(t.folders) == 0 {
		err = fmt.Errorf("no Go files were found")
	}
	return t, err
}

// skip leaves out what the go command leaves out, modules within the module among it.
func skip(root fs.FS, dir string) error {
	if dir == "." {
		return nil
	}
	base := path.Base(dir)
	if base == "testdata" || base == "vendor" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") {
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, path.Join(dir, "go.mod")); err == nil {
		return fs.SkipDir
	}
	return nil
}

// check returns what breaks the rules, in the order of the tree.
func (t *tree) check(r rules) []string {
	c := &checker{tree: t, rules: r, unused: map[string]bool{}}
	for _, exceptions := range []map[string]string{r.process, r.changing, r.inits} {
		for name := range exceptions {
			c.unused[name] = true
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(t.folders)) {
		c.folder(folder)
	}
	for _, folder := range slices.Sorted(maps.Keys(r.imports)) {
		if t.folders[folder] == nil {
			c.broken = append(c.broken, fmt.Sprintf("%s: has a row in the table, and no Go code", folder))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(c.unused)) {
		c.broken = append(c.broken, fmt.Sprintf("%s: is an exception that nothing needs", name))
	}
	return c.broken
}

// A checker goes through a tree once.
type checker struct {
	*tree
	rules
	broken []string
	unused map[string]bool // exceptions that nothing has needed so far
}

func (c *checker) report(at token.Pos, format string, args ...any) {
	p := c.files.Position(at)
	c.broken = append(c.broken, fmt.Sprintf("%s:%d: %s", p.Filename, p.Line, fmt.Sprintf(format, args...)))
}

// excepted reports whether there is an exception of that name, and notes that it is needed.
func (c *checker) excepted(exceptions map[string]string, name string) bool {
	_, found := exceptions[name]
	delete(c.unused, name)
	return found
}

func (c *checker) folder(folder string) {
	r, found := c.imports[folder]
	if !found {
		c.broken = append(c.broken, fmt.Sprintf("%s: has no row in the table: say there what it may import", folder))
	}
	p := c.resolve(folder)
	for _, f := range c.folders[folder] {
		for _, i := range f.syntax.Imports {
			name, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				continue // the parser has let it pass, the compiler will not
			}
			c.imported(folder, f.path, r, found, i.Pos(), name)
		}
		c.touches(f, p)
		c.variables(folder, f, p)
	}
}

// resolve says what the names in a folder stand for. Nothing imported is read, so that what a name of
// another package is stays unknown; the errors that come of it are dropped.
func (c *checker) resolve(folder string) *types.Info {
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: nothing{}, Error: func(error) {}, FakeImportC: true}
	var syntax []*ast.File
	for _, f := range c.folders[folder] {
		syntax = append(syntax, f.syntax)
	}
	_, _ = config.Check(folder, c.files, syntax, info)
	return info
}

// nothing imports packages that are empty.
type nothing struct{}

func (nothing) Import(name string) (*types.Package, error) {
	base := path.Base(name)
	if len(base) > 1 && base[0] == 'v' && strings.Trim(base[1:], "0123456789") == "" {
		base = path.Base(path.Dir(name)) // math/rand/v2
	}
	p := types.NewPackage(name, base)
	p.MarkComplete()
	return p, nil
}

// below reports whether a path is another one or in it.
func below(name, dir string) bool { return name == dir || strings.HasPrefix(name, dir+"/") }
