package doctor

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/install"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// checkJupyter reports the kernelspecs of this kernel that a Jupyter in one of the Pythons would find.
func checkJupyter(version string, pythons []*locate.Python) Check {
	c := Check{Name: "Jupyter", State: OK}
	prefixes := jupyterPrefixes(pythons)
	var names []string
	for _, dir := range install.SearchPath(prefixes...) {
		for _, found := range install.List(dir) {
			text, works := judge(found, version)
			c.fact(found.Name, found.Dir+": "+text)
			if works {
				names = append(names, found.Name)
			} else {
				c.State, c.Remedy = Note, "gopy-kernel install, with the flags that it was installed with"
			}
		}
	}
	if program := jupyterProgram(prefixes); program != "" {
		c.fact("jupyter", program)
	} else {
		c.fact("jupyter", "not found on the PATH or beside a Python; python3 -m pip install jupyterlab")
	}
	if names == nil {
		c.State, c.Found, c.Remedy = Missing, "no kernelspec of this kernel that works is in Jupyter's folders", "gopy-kernel install"
		return c
	}
	slices.Sort(names)
	c.Found = "kernelspec " + strings.Join(slices.Compact(names), ", ")
	return c
}

// judge says whether a kernelspec can start the kernel.
func judge(found install.Installed, version string) (text string, works bool) {
	if found.Err != nil {
		return found.Err.Error(), false
	}
	spec := found.Spec
	if !spec.Ours() {
		return "it is that of another kernel, " + spec.DisplayName, false
	}
	if _, err := exec.LookPath(spec.Program()); err != nil {
		return fmt.Sprintf("it starts %s, which is not there", spec.Program()), false
	}
	text = "it starts " + spec.Program()
	if v := spec.Version(); v != version {
		text += fmt.Sprintf("; it was written by version %s", v)
	}
	for _, name := range []string{"GOPY_GO", "GOPY_PYTHON"} {
		path := spec.Getenv(name)
		if path == "" {
			continue
		}
		if _, err := os.Stat(path); err != nil {
			return text + fmt.Sprintf("; its %s is %s, which is not there", name, path), false
		}
		text += fmt.Sprintf("; %s is %s", name, path)
	}
	return text, true
}

// jupyterPrefixes are those of all Pythons that are known, and of the jupyter program on the PATH.
func jupyterPrefixes(pythons []*locate.Python) []string {
	prefixes := []string{os.Getenv("VIRTUAL_ENV"), os.Getenv("CONDA_PREFIX")}
	if program, err := exec.LookPath("jupyter"); err == nil {
		prefixes = append(prefixes, filepath.Dir(filepath.Dir(program)))
	}
	for _, p := range pythons {
		prefixes = append(prefixes, p.Prefix)
	}
	slices.Sort(prefixes)
	return slices.DeleteFunc(slices.Compact(prefixes), func(prefix string) bool { return prefix == "" })
}

func jupyterProgram(prefixes []string) string {
	if program, err := exec.LookPath("jupyter"); err == nil {
		return program
	}
	for _, prefix := range prefixes {
		if program, err := exec.LookPath(filepath.Join(prefix, "bin", "jupyter")); err == nil {
			return program
		}
	}
	return ""
}
