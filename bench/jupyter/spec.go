package jupyter

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A Spec says how a kernel is started.
type Spec struct {
	Name          string
	Dir           string            // that of kernel.json
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"` // "signal", also if empty, or "message"
	Env           map[string]string `json:"env"`
}

// DataDirs lists the folders in which Jupyter looks, the most particular first: JUPYTER_PATH, the
// virtual environment if venv is not empty, the user's, the system's.
func DataDirs(venv string) []string {
	dirs := filepath.SplitList(os.Getenv("JUPYTER_PATH"))
	if venv != "" {
		dirs = append(dirs, filepath.Join(venv, "share", "jupyter"))
	}
	if own := os.Getenv("JUPYTER_DATA_DIR"); own != "" {
		dirs = append(dirs, own)
	} else if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".local", "share", "jupyter"))
	}
	return append(dirs, "/usr/local/share/jupyter", "/usr/share/jupyter")
}

// Find reads the kernelspec of a name from the first of the folders that has it. The error names
// all of them when none has.
func Find(name string, dataDirs []string) (Spec, error) {
	for _, data := range dataDirs {
		dir := filepath.Join(data, "kernels", name)
		text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return Spec{}, fmt.Errorf("read kernelspec %s: %w", name, err)
		}
		return parseSpec(name, dir, text)
	}
	return Spec{}, fmt.Errorf("no kernelspec %s in %s", name, strings.Join(dataDirs, ", "))
}

func parseSpec(name, dir string, text []byte) (Spec, error) {
	s := Spec{Name: name, Dir: dir}
	if err := json.Unmarshal(text, &s); err != nil {
		return Spec{}, fmt.Errorf("parse kernelspec %s: %w", name, err)
	}
	if len(s.Argv) == 0 {
		return Spec{}, fmt.Errorf("kernelspec %s has no argv", name)
	}
	return s, nil
}

// command is argv with its placeholders filled in.
func (s Spec) command(connectionFile string) []string {
	fill := strings.NewReplacer("{connection_file}", connectionFile, "{resource_dir}", s.Dir)
	argv := make([]string, len(s.Argv))
	for i, arg := range s.Argv {
		argv[i] = fill.Replace(arg)
	}
	return argv
}

// FindVenv gives VIRTUAL_ENV, or the .venv of this folder or the nearest one above, or "".
func FindVenv() string {
	if venv := os.Getenv("VIRTUAL_ENV"); venv != "" {
		return venv
	}
	dir, err := os.Getwd()
	for err == nil {
		venv := filepath.Join(dir, ".venv")
		if _, err := os.Stat(filepath.Join(venv, "bin", "python")); err == nil {
			return venv
		}
		if dir == filepath.Dir(dir) {
			break
		}
		dir = filepath.Dir(dir)
	}
	return ""
}
