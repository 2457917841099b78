package interpreter

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A variable with the directive //go:embed gets the contents of files beside the notebook. The compiler
// fills variables of a package only, and a session variable is none: so the file that is generated for
// the cell has a variable of its own, with the directive, from which the session variable is set when
// its declaration runs.

const embedDirective = "//go:embed"

// embedName is the variable that the compiler fills for a session variable.
func embedName(name string) string { return "embed" + build.Marker + name }

// readEmbeds finds the directives of the cell, and the files that they stand for.
func (cc *checkedCell) readEmbeds(dir string) {
	for k, i := range cc.cell.placed { // there are none while the cell does not parse
		d, ok := cc.cell.statements[k].(*ast.DeclStmt)
		if !ok {
			continue
		}
		specs := d.Decl.(*ast.GenDecl).Specs
		if len(specs) == 1 {
			cc.readEmbed(dir, specs[0], i.start, cc.cell.source[i.start:i.code])
		}
		for _, spec := range specs {
			if v, ok := spec.(*ast.ValueSpec); ok && v.Doc != nil {
				at := cc.cell.offset(v.Doc.Pos())
				cc.readEmbed(dir, spec, at, cc.cell.source[at:cc.cell.offset(v.Doc.End())])
			}
		}
	}
}

// readEmbed reads the comments before a variable, which stand at an offset in the cell.
func (cc *checkedCell) readEmbed(dir string, spec ast.Spec, at int, comments string) {
	v, ok := spec.(*ast.ValueSpec)
	if !ok {
		return
	}
	for line := range strings.Lines(comments) {
		text := strings.TrimSpace(line)
		if rest, ok := strings.CutPrefix(text, embedDirective); ok && (rest == "" || rest[0] == ' ' || rest[0] == '\t') {
			if err := cc.addEmbed(dir, v, rest); err != nil {
				cc.errs = append(cc.errs, cc.cell.fail(at+strings.Index(line, embedDirective), err.Error()))
			}
		}
		at += len(line)
	}
}

func (cc *checkedCell) addEmbed(dir string, v *ast.ValueSpec, list string) error {
	switch {
	case len(v.Names) != 1:
		return errors.New("go:embed cannot apply to multiple vars")
	case len(v.Values) > 0:
		return errors.New("go:embed cannot apply to var with initializer")
	}
	patterns, err := embedPatterns(list)
	if err != nil {
		return err
	}
	for _, p := range patterns {
		files, err := embedFiles(os.DirFS(dir), p)
		if err != nil {
			return fmt.Errorf("pattern %s: %w", p, err)
		}
		cc.embed.Patterns[p] = files
		for _, f := range files {
			cc.embed.Files[f] = filepath.Join(dir, filepath.FromSlash(f))
		}
	}
	cc.embedded[v] = append(cc.embedded[v], patterns...)
	return nil
}

// embedPatterns splits what stands behind a directive: words, some of them quoted.
func embedPatterns(list string) ([]string, error) {
	var patterns []string
	for list = strings.TrimSpace(list); list != ""; list = strings.TrimSpace(list) {
		word := list
		if i := strings.IndexAny(list, " \t"); i >= 0 {
			word = list[:i]
		}
		pattern := word
		if list[0] == '"' || list[0] == '`' {
			var err error
			if word, err = strconv.QuotedPrefix(list); err != nil {
				return nil, fmt.Errorf("invalid quoted string in //go:embed: %s", list)
			}
			if pattern, err = strconv.Unquote(word); err != nil {
				return nil, fmt.Errorf("invalid quoted string in //go:embed: %s", list)
			}
		}
		patterns = append(patterns, pattern)
		list = list[len(word):]
	}
	if len(patterns) == 0 {
		return nil, errors.New("//go:embed without a pattern")
	}
	return patterns, nil
}

// embedFiles are the files that a pattern stands for, by the rules of the go command.
func embedFiles(dir fs.FS, pattern string) ([]string, error) {
	glob, all := strings.CutPrefix(pattern, "all:")
	if _, err := path.Match(glob, ""); err != nil || !fs.ValidPath(glob) || glob == "." {
		return nil, errors.New("invalid pattern syntax")
	}
	matches, err := fs.Glob(dir, glob)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, match := range matches {
		found, err := embedTree(dir, match, all)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, errors.New("no matching files found")
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// embedTree is a file, or the files in a folder and its folders. Hidden ones are left out unless all are
// wanted, and so are folders that are modules of their own.
func embedTree(dir fs.FS, root string, all bool) ([]string, error) {
	var files []string
	err := fs.WalkDir(dir, root, func(name string, d fs.DirEntry, err error) error {
		hidden := strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_")
		switch {
		case err != nil:
			return err
		case name != root && (hidden && !all || slices.Contains([]string{".git", ".hg", ".svn", ".bzr"}, d.Name())):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir():
			if _, err := fs.Stat(dir, path.Join(name, "go.mod")); err == nil {
				return fs.SkipDir
			}
		case d.Type().IsRegular():
			files = append(files, name)
		case name == root:
			return fmt.Errorf("cannot embed irregular file %s", name)
		}
		return nil
	})
	return files, err
}

// writeEmbedded sets a session variable from the variable that the compiler fills, which it declares. A
// slice is copied, for that variable would be changed with it.
func (g *generator) writeEmbedded(b *strings.Builder, v *ast.ValueSpec, edits []edit) {
	name, typ := versionName(g.object(v.Names[0])), g.nodeText(v.Type, edits)
	g.blank = append(g.blank, "embed")
	fmt.Fprintf(&g.filled, "\n%s", embedDirective)
	for _, p := range g.embedded[v] {
		fmt.Fprintf(&g.filled, " %q", p)
	}
	fmt.Fprintf(&g.filled, "%svar %s %s\n", g.cell.statementDirective(g.cell.offset(v.Pos())), embedName(name), typ)
	value := embedName(name)
	if _, ok := g.info.TypeOf(v.Type).Underlying().(*types.Slice); ok {
		value = fmt.Sprintf("append((%s)(nil), %s...)", typ, value)
	}
	fmt.Fprintf(b, "%s = %s\n", variableText(name), value)
}

// isEmbedded reports whether a declaration of variables has a directive.
func (cc *checkedCell) isEmbedded(v *ast.ValueSpec) bool { return len(cc.embedded[v]) > 0 }
