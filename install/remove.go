package install

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Remove removes a kernelspec from a folder of kernelspecs and returns where it was. It is an error
// if it is not there, and if it belongs to another kernel.
func Remove(kernels, name string) (dir string, err error) {
	if name, err = CheckName(name); err != nil {
		return "", err
	}
	dir = filepath.Join(kernels, name)
	if err := ours(dir); errors.Is(err, fs.ErrNotExist) {
		return dir, fmt.Errorf("there is no kernelspec %s in %s", name, kernels)
	} else if err != nil {
		return dir, err
	}
	if err := removeFolder(dir); err != nil {
		return dir, fmt.Errorf("removing the kernelspec %s: %w", dir, err)
	}
	return dir, nil
}

// removeFolder removes kernel.json first: if that is not allowed nothing has changed, and if
// something fails later what is left is no kernelspec.
func removeFolder(dir string) error {
	if info, err := os.Lstat(dir); err == nil && info.Mode()&fs.ModeSymlink != 0 {
		return os.Remove(dir) // what a link leads to is not Jupyter's
	}
	if err := os.Remove(filepath.Join(dir, specFile)); err != nil {
		return err
	}
	return os.RemoveAll(dir)
}

// ours says what speaks against changing a kernelspec: the error is fs.ErrNotExist if there is none.
func ours(dir string) error {
	spec, err := ReadSpec(dir)
	if err != nil {
		return err
	}
	if !spec.Ours() {
		return fmt.Errorf("the kernelspec %s is that of another kernel, %s: choose another --name", dir, spec.DisplayName)
	}
	return nil
}

// An Installed kernelspec was found in a folder of kernelspecs.
type Installed struct {
	Name string
	Dir  string
	Spec *Spec // nil if it cannot be read
	Err  error // why not
}

// List finds the kernelspecs of this kernel in a folder of kernelspecs, under whatever names, and
// whatever else has its name. A folder that is not there has none.
func List(kernels string) []Installed {
	entries, err := os.ReadDir(kernels)
	if err != nil {
		return nil // neither can Jupyter read it
	}
	var found []Installed
	for _, e := range entries {
		dir := filepath.Join(kernels, e.Name())
		spec, err := ReadSpec(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if e.Name() == DefaultName || err == nil && spec.Ours() {
			found = append(found, Installed{Name: e.Name(), Dir: dir, Spec: spec, Err: err})
		}
	}
	return found
}
