package build

import (
	"bytes"
	"fmt"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// A Package is one that units may import.
type Package struct {
	Path string
	Name string
	// Offered is set for packages that are meant to be imported: not the internal ones.
	Offered bool
}

// exportFile is where the export data of a package is kept in the workspace.
func (w *Workspace) exportFile(path string) string {
	return filepath.Join(w.dir, "export", filepath.FromSlash(path)+".x")
}

// keepExport copies the export data of a compiled package, without its code: the go command's cache,
// which holds the whole, is emptied from time to time.
func keepExport(from, to string) error {
	archive, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	const member = "__.PKGDEF"
	data, err := archiveMember(archive, member)
	if err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	b := new(bytes.Buffer)
	fmt.Fprintf(b, "!<arch>\n%-16s%-12d%-6d%-6d%-8o%-10d`\n", member, 0, 0, 0, 0o644, len(data))
	b.Write(data)
	if len(data)%2 != 0 {
		b.WriteByte('\n')
	}
	return os.WriteFile(to, b.Bytes(), 0o644)
}

// NewImporter reads the packages of the workspace, and of the libraries that there are when it is asked,
// for go/types. It must not be used from several goroutines at a time. What it read it keeps, so that a
// package is the same one each time.
func (w *Workspace) NewImporter(fset *token.FileSet, libraries func() []*Library) types.Importer {
	return importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		f, err := os.Open(w.exportFile(path))
		if !os.IsNotExist(err) {
			return f, err
		}
		if libraries != nil {
			for _, l := range libraries() {
				if file := l.exportFile(path); file != "" {
					return os.Open(file)
				}
			}
		}
		return nil, fmt.Errorf("package %s is not in the workspace", path)
	})
}

// offered reports whether a package of the standard library is meant to be imported, and can be.
func offered(path string) bool {
	switch path {
	case "builtin", "unsafe", "runtime/race", "runtime/msan", "runtime/asan":
		return false
	}
	for e := range strings.SplitSeq(path, "/") {
		if e == "internal" || e == "vendor" || e == "cmd" {
			return false
		}
	}
	return true
}
