package conformance

import (
	"errors"
	"fmt"
	"go/build/constraint"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"strings"
)

// A Program is one of Go's test programs.
type Program struct {
	// Name is the path of its file in the folder of tests, with slashes.
	Name   string
	Files  []File // its own, then those that its recipe names
	Recipe Recipe
	// Expected is what stands in the .out file beside it, nil if there is none.
	Expected *string
}

// A File is a source file of a program.
type File struct {
	Name string // path in the folder of tests
	Text string
}

// A Recipe is the first line of a program: what Go's own runner has to do with it.
type Recipe struct {
	Flags     bool     // it has flags for the go command
	Files     []string // more files of the program
	Arguments []string // for the program
}

// ReadCorpus reads the programs of a Go distribution that are to be run, in the order of their names.
// Those whose build constraints leave this system out are left out.
func ReadCorpus(goroot string) ([]Program, error) {
	root := testFolder(goroot)
	if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("this Go distribution has no test programs: there is no folder %s; install Go from https://go.dev/dl, or set GOROOT to a distribution that has them", root)
	}
	var programs []Program
	err := filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && filepath.Ext(file) == ".dir":
			return fs.SkipDir // the packages of one test
		case d.IsDir() || filepath.Ext(file) != ".go":
			return nil
		}
		name, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		p, ok, err := readProgram(os.DirFS(root), filepath.ToSlash(name))
		if ok {
			programs = append(programs, p)
		}
		return err
	})
	if err == nil && len(programs) == 0 {
		err = fmt.Errorf("no test programs in %s", root)
	}
	return programs, err
}

func testFolder(goroot string) string { return filepath.Join(goroot, "test") }

// readProgram reads a file; ok is false if it is not a program that is to be run here.
func readProgram(root fs.FS, name string) (p Program, ok bool, err error) {
	text, err := fs.ReadFile(root, name)
	if err != nil {
		return Program{}, false, err
	}
	p = Program{Name: name, Files: []File{{Name: name, Text: string(text)}}}
	if p.Recipe, ok = readRecipe(string(text)); !ok || !forThisSystem(string(text)) {
		return Program{}, false, nil
	}
	for _, more := range p.Recipe.Files {
		more = path.Join(path.Dir(name), more)
		text, err := fs.ReadFile(root, more)
		if err != nil {
			return Program{}, false, fmt.Errorf("reading a file of %s: %w", name, err)
		}
		p.Files = append(p.Files, File{Name: more, Text: string(text)})
	}
	expected, err := fs.ReadFile(root, strings.TrimSuffix(name, ".go")+".out")
	switch {
	case err == nil:
		out := string(expected)
		p.Expected = &out
	case !errors.Is(err, fs.ErrNotExist):
		return Program{}, false, err
	}
	return p, true, nil
}

// readRecipe reads the first line that is not a build constraint; ok is false if the program is not
// one that is simply run.
func readRecipe(text string) (r Recipe, ok bool) {
	for line := range strings.Lines(text) {
		if constraint.IsGoBuild(line) || constraint.IsPlusBuild(line) {
			continue
		}
		words := strings.Fields(strings.TrimPrefix(line, "//"))
		if !strings.HasPrefix(line, "//") || len(words) == 0 || words[0] != "run" {
			return Recipe{}, false
		}
		return readWords(words[1:]), true
	}
	return Recipe{}, false
}

// readWords reads what stands behind "run": files as `go run` takes them, then arguments. Of flags it
// is only told that there are some: no cell has any.
func readWords(words []string) Recipe {
	r := Recipe{Flags: len(words) > 0 && strings.HasPrefix(words[0], "-")}
	if r.Flags {
		return r
	}
	for len(words) > 0 && strings.HasSuffix(words[0], ".go") {
		r.Files = append(r.Files, words[0])
		words = words[1:]
	}
	r.Arguments = words
	return r
}

// forThisSystem reports whether the build constraints before the package clause hold.
func forThisSystem(text string) bool {
	header, _, _ := strings.Cut(text, "\npackage ")
	for line := range strings.Lines(header) {
		expr, err := constraint.Parse(strings.TrimSpace(line))
		if err == nil && !expr.Eval(holds) {
			return false
		}
	}
	return true
}

// holds reports whether a build tag is set: those that Go's own runner sets.
func holds(tag string) bool {
	switch tag {
	case runtime.GOOS, runtime.GOARCH, "gc", "cgo", "test_run":
		return true
	case "unix":
		return runtime.GOOS == "linux" || runtime.GOOS == "darwin"
	}
	return strings.HasPrefix(tag, "go1.")
}
