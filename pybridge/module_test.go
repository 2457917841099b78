package pybridge_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	ourModule  = "github.com/gopy-kernel/gopy-kernel"
	ourVersion = "v0.0.0-test"
)

// TestOrdinaryProgram makes a program in a module of its own that gets the bridge as `go get` brings it, out of a zip file,
// and builds it by the plain go command: vetted, run, run with the race detector, and built without cgo.
func TestOrdinaryProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("the bridge is compiled twice")
	}
	m := newProgram(t)
	m.run("mod", "init", "example.com/program")
	m.run("get", ourModule+"/pybridge@"+ourVersion)
	m.run("vet", "./...")

	const want = "800 [10000 10000 10000 10000 10000 10000 10000 10000]\ntrue ZeroDivisionError: division by zero\nmap[a:[1 2]]\n"
	assert.Equal(t, want, m.run("run", "."))
	assert.Equal(t, want, m.run("run", "-race", "."))
	for path := range strings.FieldsSeq(m.run("list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".")) {
		assert.True(t, strings.HasPrefix(path, ourModule+"/") || path == "example.com/program", "the bridge brings %s along", path)
	}

	out, err := m.command("CGO_ENABLED=0", "run", ".")
	require.Error(t, err)
	assert.Contains(t, out, "exit status 3")
	assert.Contains(t, out, "built without cgo")
}

// A program is the folder of one, and the environment in which the go command works there.
type program struct {
	t   *testing.T
	dir string
	env []string
}

func newProgram(t *testing.T) *program {
	t.Helper()
	goCommand, err := exec.LookPath("go")
	if err != nil {
		t.Skip("there is no go command")
	}
	cached, err := exec.Command(goCommand, "env", "GOMODCACHE").Output()
	require.NoError(t, err)
	dir := t.TempDir()
	proxy := filepath.Join(dir, "proxy")
	publish(t, proxy)
	source, err := os.ReadFile("testdata/program.go.txt")
	require.NoError(t, err)
	p := &program{t: t, dir: filepath.Join(dir, "a program")}
	require.NoError(t, os.Mkdir(p.dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(p.dir, "main.go"), source, 0o644))
	// Modules are got from ours and from what was downloaded for this test program, and kept apart from both. With -trimpath what
	// is compiled does not depend on the folder, and is there the next time.
	p.env = append(os.Environ(), "GOPROXY=file://"+proxy+",file://"+filepath.Join(strings.TrimSpace(string(cached)), "cache", "download"),
		"GOMODCACHE="+filepath.Join(dir, "modules"), "GOSUMDB=off", "GOFLAGS=-modcacherw -trimpath", "GOWORK=off", "GO111MODULE=on", "GOTOOLCHAIN=local",
		"GOPY_PYTHON="+rt.Info().Python.Executable)
	return p
}

// publish lays out this module for the go command as a proxy does.
func publish(t *testing.T, proxy string) {
	t.Helper()
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = ".."
	files, err := list.Output()
	if err != nil {
		t.Skipf("this is no checkout of which git knows the files: %v", err)
	}
	versions := filepath.Join(proxy, filepath.FromSlash(ourModule), "@v")
	require.NoError(t, os.MkdirAll(versions, 0o755))
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		if strings.HasPrefix(name, "test/gonum/") || strings.HasPrefix(name, "test/arrow/") {
			continue // other modules
		}
		data, err := os.ReadFile(filepath.Join("..", name))
		if errors.Is(err, os.ErrNotExist) {
			continue // removed, and not yet committed
		}
		require.NoError(t, err)
		file, err := w.Create(ourModule + "@" + ourVersion + "/" + name)
		require.NoError(t, err)
		_, err = file.Write(data)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	goMod, err := os.ReadFile("../go.mod")
	require.NoError(t, err)
	for name, data := range map[string][]byte{
		"list": []byte(ourVersion + "\n"), ourVersion + ".info": fmt.Appendf(nil, "{%q: %q}", "Version", ourVersion),
		ourVersion + ".mod": goMod, ourVersion + ".zip": archive.Bytes(),
	} {
		require.NoError(t, os.WriteFile(filepath.Join(versions, name), data, 0o644))
	}
}

func (p *program) run(args ...string) string {
	p.t.Helper()
	out, err := p.command("CGO_ENABLED=1", args...)
	require.NoError(p.t, err, "%s", out)
	return out
}

// command returns what the go command and the program wrote, the errors last.
func (p *program) command(env string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(p.t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = p.dir
	cmd.Env = append(p.env, env)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if err != nil {
		return stdout.String() + stderr.String(), err
	}
	return stdout.String(), nil
}
