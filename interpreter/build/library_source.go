package build

import (
	"context"
	"fmt"
	"slices"
)

// compileSources compiles the packages that are given by their source. They import what the worker or a library
// of the step holds, not each other.
func (s *step) compileSources(ctx context.Context, packages []Compiled) ([]Compiled, error) {
	packages = slices.Clone(packages)
	for n, p := range packages {
		if len(p.Files) == 0 {
			continue
		}
		archive := fmt.Sprintf("source%d.a", n)
		if err := s.compileSource(ctx, p, archive); err != nil {
			return nil, fmt.Errorf("compiling %s: %w", p.Path, err)
		}
		packages[n].Archive = s.path(archive)
	}
	return packages, nil
}

// compileSource compiles a package as the go command does with [LibraryFlags]. The paths of its files are kept, for
// that is where its documentation is read.
func (s *step) compileSource(ctx context.Context, p Compiled, archive string) error {
	config, err := s.importConfig()
	if err != nil {
		return err
	}
	args := []string{"-o", archive, "-p", p.Path, "-lang=" + s.language, "-complete", "-dynlink", "-linkshared", "-dwarf=false", "-l",
		"-importcfg", config, "-pack"}
	return s.compiler(ctx, append(args, p.Files...))
}
