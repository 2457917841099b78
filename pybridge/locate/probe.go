package locate

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

//go:embed probe.py
var probeSource string

// probeTimeout is how long an interpreter may take to say what it is. A cold start from a slow disk
// takes seconds.
const probeTimeout = 20 * time.Second

// A Python is what an interpreter says of itself.
type Python struct {
	Implementation string `json:"implementation"`
	Version        [3]int `json:"version"`
	Executable     string `json:"executable"`
	// BaseExecutable is the interpreter behind a virtual environment.
	BaseExecutable string `json:"base_executable"`
	Prefix         string `json:"prefix"`
	BasePrefix     string `json:"base_prefix"`
	ABIFlags       string `json:"abiflags"`
	MaxSize        int64  `json:"maxsize"`
	LibDir         string `json:"libdir"`
	LibPL          string `json:"libpl"`
	Multiarch      string `json:"multiarch"`
	SOName         string `json:"soname"`
	LDLibrary      string `json:"ldlibrary"`
	Framework      string `json:"framework"`
	FreeThreaded   bool   `json:"free_threaded"`
}

// VersionText returns the version as people write it, such as 3.11.7.
func (p *Python) VersionText() string {
	return fmt.Sprintf("%d.%d.%d", p.Version[0], p.Version[1], p.Version[2])
}

// Short returns the version without its last number, such as 3.11.
func (p *Python) Short() string { return fmt.Sprintf("%d.%d", p.Version[0], p.Version[1]) }

// IsVenv reports whether the interpreter belongs to a virtual environment.
func (p *Python) IsVenv() bool { return p.Prefix != p.BasePrefix }

// probe asks the interpreter at path what it is. The folder matters for shims, which choose by it.
func probe(ctx context.Context, path, dir string, environ []string) (*Python, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	// -I: neither the user's folders nor PYTHON* variables change the answer.
	cmd := exec.CommandContext(ctx, path, "-I", "-c", probeSource)
	cmd.Dir = dir
	cmd.Env = withoutPython(environ)
	cmd.WaitDelay = time.Second
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, fmt.Errorf("it gave no answer within %v", probeTimeout)
	}
	if err != nil {
		return nil, fmt.Errorf("it does not run: %w%s", err, lastLine(stderr.String()))
	}
	return parseProbe(out)
}

func parseProbe(out []byte) (*Python, error) {
	_, answer, found := bytes.Cut(out, []byte("gopy-probe:"))
	if !found {
		return nil, errors.New("it runs, but it is no Python that we know")
	}
	p := new(Python)
	if err := json.Unmarshal(bytes.TrimSpace(answer), p); err != nil {
		return nil, fmt.Errorf("its answer makes no sense: %w", err)
	}
	return p, nil
}

// withoutPython drops what would send an interpreter to another one's library: an inherited
// PYTHONHOME is enough to stop it from starting.
func withoutPython(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		name, _, _ := strings.Cut(entry, "=")
		switch name {
		case "PYTHONHOME", "PYTHONPATH", "PYTHONEXECUTABLE", "PYTHONSTARTUP", "PYTHONPLATLIBDIR", "__PYVENV_LAUNCHER__":
		default:
			kept = append(kept, entry)
		}
	}
	return kept
}

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	return ": " + text[strings.LastIndexByte(text, '\n')+1:]
}

// exists reports whether there is a file at path, and whether a link there leads nowhere.
func exists(path string) (there, dangling bool) {
	if _, err := os.Stat(path); err == nil {
		return true, false
	}
	_, err := os.Lstat(path)
	return false, err == nil
}
