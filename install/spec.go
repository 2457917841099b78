package install

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// specFile is the file that makes a folder a kernelspec.
const specFile = "kernel.json"

//go:embed kernel.json
var template []byte

// A Spec is what kernel.json says.
// See https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs.
type Spec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Protocol      string            `json:"kernel_protocol_version"` // from 5.6 on, launchers may give registration files
	Env           map[string]string `json:"env"`
	Metadata      map[string]any    `json:"metadata"`
}

// ReadSpec reads the kernel.json in a folder.
func ReadSpec(dir string) (*Spec, error) {
	text, err := os.ReadFile(filepath.Join(dir, specFile))
	if err != nil {
		return nil, err
	}
	return parse(text, filepath.Join(dir, specFile))
}

func parse(text []byte, name string) (*Spec, error) {
	s := new(Spec)
	if err := json.Unmarshal(text, s); err != nil {
		return nil, fmt.Errorf("reading %s: %w", name, err)
	}
	return s, nil
}

// Ours reports whether the kernelspec starts this kernel, by whatever path and name.
func (s *Spec) Ours() bool {
	t, err := parse(template, specFile)
	return err == nil && s.Language == t.Language && len(s.Argv) > 1 && slices.Equal(s.Argv[1:], t.Argv[1:])
}

// Program is the path of the kernel's program.
func (s *Spec) Program() string {
	if len(s.Argv) == 0 {
		return ""
	}
	return s.Argv[0]
}

// Getenv is the value that Jupyter gives an environment variable of the kernel; empty if the
// kernelspec does not name it.
func (s *Spec) Getenv(name string) string { return strings.ReplaceAll(s.Env[name], "$$", "$") }

// setenv sets an environment variable of the kernel. Jupyter replaces ${NAME} and $NAME in values,
// which a path is to be spared.
func (s *Spec) setenv(name, value string) {
	if value != "" {
		s.Env[name] = strings.ReplaceAll(value, "$", "$$")
	}
}

// Version is the version of the kernel that wrote the kernelspec; empty if it does not say.
func (s *Spec) Version() string {
	ours, _ := s.Metadata[metadataKey].(map[string]any)
	version, _ := ours["version"].(string)
	return version
}

const metadataKey = "gopy_kernel"

// spec fills in the template.
func (c Config) spec() (*Spec, error) {
	s, err := parse(template, specFile)
	if err != nil {
		return nil, err
	}
	s.Argv[0] = c.Program
	s.DisplayName = c.DisplayName
	s.setenv("GOPY_GO", c.Go)
	s.setenv("GOPY_PYTHON", c.Python)
	s.Metadata[metadataKey] = map[string]any{"version": c.Version}
	return s, nil
}

func (s *Spec) encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(s)
	return b.Bytes(), err
}
