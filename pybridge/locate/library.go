package locate

import (
	"debug/elf"
	"debug/macho"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A Library is a shared library that was considered.
type Library struct {
	Path   string
	Reason string // why it was refused; empty for the one that was chosen
}

// findLibrary returns the library that holds the interpreter, and all that were looked at.
func findLibrary(p *Python) (string, []Library) {
	var looked []Library
	for _, dir := range libraryFolders(p) {
		for _, name := range libraryNames(p) {
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); err != nil {
				continue
			}
			reason := refuseLibrary(path)
			looked = append(looked, Library{Path: path, Reason: reason})
			if reason == "" {
				return path, looked
			}
		}
	}
	return "", looked
}

// libraryFolders puts the interpreter's own folder first and sysconfig's LIBDIR second: in builds
// that were moved after they were made (python-build-standalone) LIBDIR names a folder of the
// machine that built them.
func libraryFolders(p *Python) []string {
	var dirs []string
	add := func(dir string) {
		if dir != "" && filepath.IsAbs(dir) && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	roots := []string{p.BasePrefix}
	if real, err := filepath.EvalSymlinks(p.BaseExecutable); err == nil {
		roots = append(roots, filepath.Dir(filepath.Dir(real)))
	}
	for _, root := range roots {
		for _, sub := range []string{"lib", "lib64", filepath.Join("lib", p.Multiarch), ""} {
			add(filepath.Join(root, sub))
		}
	}
	add(p.LibDir)
	if p.LibDir != "" && p.Multiarch != "" {
		add(filepath.Join(p.LibDir, p.Multiarch))
	}
	add(p.LibPL)
	return dirs
}

// libraryNames never has libpython3.so, which only forwards to whatever version is installed beside
// it, and no .a file, which cannot be opened at run time.
func libraryNames(p *Python) []string {
	stem := "libpython" + p.Short() + p.ABIFlags
	names := []string{p.SOName, p.LDLibrary}
	if runtime.GOOS == "darwin" {
		names = append(names, stem+".dylib", "Python")
	} else {
		names = append(names, stem+".so.1.0", stem+".so.1", stem+".so")
	}
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool {
		return name == "" || name == "libpython3.so" || strings.HasSuffix(name, ".a")
	})
}

// refuseLibrary returns why a file cannot be the library, or nothing.
func refuseLibrary(path string) string {
	if runtime.GOOS == "darwin" {
		return refuseMachO(path)
	}
	f, err := elf.Open(path)
	if err != nil {
		return "it is not a shared library of this system"
	}
	defer f.Close()
	if f.Type != elf.ET_DYN {
		return "it is not a shared library"
	}
	if want := machines[runtime.GOARCH]; f.Machine != want {
		return fmt.Sprintf("it is for %v, and this program for %v", f.Machine, want)
	}
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return "its symbols cannot be read"
	}
	exported := func(s elf.Symbol) bool {
		return s.Name == "Py_InitializeFromConfig" && s.Section != elf.SHN_UNDEF
	}
	if !slices.ContainsFunc(symbols, exported) {
		return "it does not hold the interpreter"
	}
	return ""
}

var machines = map[string]elf.Machine{
	"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64, "riscv64": elf.EM_RISCV,
	"ppc64le": elf.EM_PPC64, "s390x": elf.EM_S390, "loong64": elf.EM_LOONGARCH,
}

func refuseMachO(path string) string {
	if f, err := macho.Open(path); err == nil {
		f.Close()
		return ""
	}
	if f, err := macho.OpenFat(path); err == nil {
		f.Close()
		return ""
	}
	return "it is not a shared library of this system"
}
