package install

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// DefaultName is the name of the kernelspec, and what notebooks say they need.
const DefaultName = "gopy"

//go:embed logo-32x32.png logo-64x64.png logo-svg.svg
var logos embed.FS

// Config says what to install and where.
type Config struct {
	// Kernels is the folder of kernelspecs.
	Kernels string
	// Name of the kernelspec; see CheckName. Empty means DefaultName.
	Name string
	// DisplayName is what Jupyter shows. Empty means "Go (", the name and ")".
	DisplayName string
	// Program is the absolute path of the kernel's program.
	Program string
	// Go is the path of the go command that the kernel is to use, since the PATH of a Jupyter server is
	// often not that of the shell where Go was installed. Empty leaves it to be looked for at each start.
	Go string
	// Python is the path of the interpreter to use. Empty leaves it to be looked for.
	Python string
	// Version of the kernel, for whoever reads the kernelspec.
	Version string
}

// CheckName returns a kernelspec's name in the form that Jupyter finds it by, in lower case, or says
// why there can be no kernelspec of that name.
func CheckName(name string) (string, error) {
	if !validName.MatchString(name) || strings.Trim(name, ".") == "" {
		return "", fmt.Errorf("%q cannot be the name of a kernelspec: it may have letters a to z, digits and the signs - . _ only", name)
	}
	return strings.ToLower(name), nil
}

var validName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

func (c Config) withDefaults() (Config, error) {
	if c.Name == "" {
		c.Name = DefaultName
	}
	name, err := CheckName(c.Name)
	if err != nil {
		return c, err
	}
	c.Name = name
	if c.DisplayName == "" {
		c.DisplayName = "Go (" + c.Name + ")"
	}
	if !filepath.IsAbs(c.Program) {
		return c, fmt.Errorf("the path of the program, %q, is not absolute", c.Program)
	}
	return c, nil
}

// A Staged kernelspec is written and not yet in place. One goroutine may use it.
type Staged struct {
	dir   string
	made  bool // the folder was not there before
	files []staged
}

type staged struct{ temporary, name string }

// Stage checks c and writes the kernelspec's files beside those that they will replace. An older
// kernelspec of ours is replaced, one of another kernel is not. The error names the folder that
// cannot be written.
func Stage(c Config) (*Staged, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Staged{dir: filepath.Join(c.Kernels, c.Name)}
	if err := ours(s.dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := s.write(c); err != nil {
		s.Discard()
		return nil, fmt.Errorf("writing the kernelspec %s: %w", s.dir, err)
	}
	return s, nil
}

func (s *Staged) write(c Config) error {
	if err := os.MkdirAll(c.Kernels, 0o755); err != nil {
		return err
	}
	err := os.Mkdir(s.dir, 0o755)
	s.made = err == nil
	if err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	entries, err := logos.ReadDir(".")
	if err != nil {
		return err
	}
	for _, e := range entries {
		text, err := logos.ReadFile(e.Name())
		if err != nil {
			return err
		}
		if err := s.add(e.Name(), text); err != nil {
			return err
		}
	}
	spec, err := c.spec()
	if err != nil {
		return err
	}
	text, err := spec.encode()
	if err != nil {
		return err
	}
	// Last, since a folder is a kernelspec when it has this file.
	return s.add(specFile, text)
}

func (s *Staged) add(name string, text []byte) error {
	f, err := os.CreateTemp(s.dir, "."+name+"-")
	if err != nil {
		return err
	}
	s.files = append(s.files, staged{f.Name(), name})
	_, err = f.Write(text)
	// A crash of the machine must not leave a kernel.json that is there and empty.
	return errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close())
}

// Dir is the kernelspec's folder.
func (s *Staged) Dir() string { return s.dir }

// Commit puts the kernelspec in place. At every moment Jupyter sees the old one or the new one.
//
// The files are renamed one by one. To exchange the whole folder would take a second folder, which
// Jupyter shows as a kernel of its own if it looks at that moment.
func (s *Staged) Commit() error {
	for len(s.files) > 0 {
		f := s.files[0]
		if err := os.Rename(f.temporary, filepath.Join(s.dir, f.name)); err != nil {
			return fmt.Errorf("putting the kernelspec %s in place: %w", s.dir, err)
		}
		s.files = s.files[1:]
	}
	s.made = false
	return nil
}

// Discard takes away what Stage wrote. After Commit it does nothing, so that it can be deferred.
func (s *Staged) Discard() {
	// What cannot be removed here does no harm: without kernel.json it is no kernelspec.
	for _, f := range s.files {
		_ = os.Remove(f.temporary)
	}
	s.files = nil
	if s.made {
		_ = os.RemoveAll(s.dir)
	}
}
