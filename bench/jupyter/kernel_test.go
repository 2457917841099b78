package jupyter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/bench/jupyter"
)

const patience = 60 * time.Second

// startIPython starts a real ipykernel and connects to it.
func startIPython(t *testing.T) (context.Context, *jupyter.Process, *jupyter.Client, jupyter.Info) {
	t.Helper()
	venv := jupyter.FindVenv()
	spec, err := jupyter.Find("python3", jupyter.DataDirs(venv))
	if err != nil {
		t.Skipf("no ipykernel to talk to: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	p, err := jupyter.Start(spec, venv)
	require.NoError(t, err)
	t.Cleanup(func() { p.Stop(0) })
	c, err := jupyter.Connect(ctx, p)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	info, replied, err := c.Ready(ctx)
	require.NoError(t, err)
	require.True(t, replied.After(p.Began))
	return ctx, p, c, info
}

func run(t *testing.T, ctx context.Context, c *jupyter.Client, code string) (jupyter.Exchange, []string) {
	t.Helper()
	r, err := c.PrepareCell(code)
	require.NoError(t, err)
	var types []string
	e, err := c.Run(ctx, r, func(m jupyter.Message) { types = append(types, m.Type) })
	require.NoError(t, err)
	return e, types
}

func status(t *testing.T, e jupyter.Exchange) string {
	t.Helper()
	var reply struct{ Status, Ename string }
	require.NoError(t, json.Unmarshal(e.Reply, &reply))
	return strings.TrimSpace(reply.Status + " " + reply.Ename)
}

func TestIPython(t *testing.T) {
	ctx, p, c, info := startIPython(t)

	t.Run("info", func(t *testing.T) {
		assert.Equal(t, "ipython", info.Implementation)
		assert.Equal(t, "python", info.Language.Name)
		assert.NotEmpty(t, info.Version)
		assert.NotEmpty(t, info.Protocol)
	})
	t.Run("cell", func(t *testing.T) {
		e, types := run(t, ctx, c, "1+1")
		assert.Equal(t, "ok", status(t, e))
		assert.ElementsMatch(t, []string{"status", "execute_input", "execute_result", "execute_reply", "status"}, types)
		assert.Positive(t, e.RoundTrip())
	})
	t.Run("error", func(t *testing.T) {
		e, _ := run(t, ctx, c, "1/0")
		assert.Equal(t, "error ZeroDivisionError", status(t, e))
	})
	t.Run("heartbeat", func(t *testing.T) {
		for range 3 {
			took, err := c.Beat(ctx)
			require.NoError(t, err)
			assert.Positive(t, took)
		}
	})
	t.Run("interrupt", func(t *testing.T) {
		r, err := c.PrepareCell("print('on'); \nwhile True: pass")
		require.NoError(t, err)
		sent, err := c.Send(r)
		require.NoError(t, err)
		for {
			m, err := c.Next(ctx)
			require.NoError(t, err)
			if m.Parent == r.ID && m.Type == "stream" {
				break
			}
		}
		require.NoError(t, c.Interrupt())
		e, err := c.Await(ctx, r, sent, nil)
		require.NoError(t, err)
		assert.Equal(t, "error KeyboardInterrupt", status(t, e))
	})
	t.Run("memory of the family", func(t *testing.T) {
		before, err := p.Memory()
		require.NoError(t, err)
		run(t, ctx, c, "import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', "+
			"'import sys; kept = bytes(64 << 20).replace(bytes(1), b\"x\"); print(1, flush=True); sys.stdin.read()'], "+
			"stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True); child.stdout.readline()")
		after, err := p.Memory()
		require.NoError(t, err)
		assert.Greater(t, after-before, int64(60<<20))
	})
	t.Run("stop ends the children", func(t *testing.T) {
		var pid int
		r, err := c.PrepareCell("print(child.pid)")
		require.NoError(t, err)
		_, err = c.Run(ctx, r, func(m jupyter.Message) {
			var stream struct{ Text string }
			if m.Type == "stream" && json.Unmarshal(m.Content, &stream) == nil {
				fmt.Sscan(stream.Text, &pid)
			}
		})
		require.NoError(t, err)
		require.DirExists(t, fmt.Sprintf("/proc/%d", pid))
		p.Stop(0)
		require.Eventually(t, func() bool { return !runs(pid) }, patience, 10*time.Millisecond)
		_, err = c.Next(ctx)
		assert.Error(t, err)
	})
}

// runs reports whether a process is more than a zombie that waits for its parent.
func runs(pid int) bool {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	return err == nil && !strings.Contains(string(text), "State:\tZ")
}

func TestShutdown(t *testing.T) {
	_, p, c, _ := startIPython(t)
	require.NoError(t, c.Shutdown())
	select {
	case <-p.Exited():
	case <-time.After(patience):
		t.Fatal("the kernel did not end")
	}
}

// writeSpec makes a kernelspec in a new data folder.
func writeSpec(t *testing.T, name, text string) string {
	t.Helper()
	data := t.TempDir()
	dir := filepath.Join(data, "kernels", name)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "kernel.json"), []byte(text), 0o644))
	return data
}

func TestFind(t *testing.T) {
	first := writeSpec(t, "k", `{"argv": ["first", "{connection_file}"], "language": "go", "interrupt_mode": "message"}`)
	second := writeSpec(t, "k", `{"argv": ["second"]}`)
	spec, err := jupyter.Find("k", []string{t.TempDir(), first, second})
	require.NoError(t, err)
	assert.Equal(t, "first", spec.Argv[0])
	assert.Equal(t, "message", spec.InterruptMode)

	tests := []struct{ name, spec, want string }{
		{"broken", `{"argv": `, "parse kernelspec bad"},
		{"without argv", `{}`, "has no argv"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := jupyter.Find("bad", []string{writeSpec(t, "bad", tt.spec)})
			assert.ErrorContains(t, err, tt.want)
		})
	}
	_, err = jupyter.Find("none", []string{first})
	assert.ErrorContains(t, err, "no kernelspec none in "+first)
}

func TestDataDirs(t *testing.T) {
	t.Setenv("JUPYTER_PATH", "/a"+string(os.PathListSeparator)+"/b")
	t.Setenv("JUPYTER_DATA_DIR", "/own")
	assert.Equal(t, []string{"/a", "/b", "/venv/share/jupyter", "/own", "/usr/local/share/jupyter", "/usr/share/jupyter"},
		jupyter.DataDirs("/venv"))
}

func TestStartFailures(t *testing.T) {
	t.Run("no such program", func(t *testing.T) {
		_, err := jupyter.Start(jupyter.Spec{Name: "k", Argv: []string{"no-such-kernel"}}, "")
		assert.ErrorContains(t, err, "no-such-kernel")
	})
	t.Run("ends at once", func(t *testing.T) {
		shell, err := exec.LookPath("sh")
		require.NoError(t, err)
		p, err := jupyter.Start(jupyter.Spec{Name: "k", Argv: []string{shell, "-c", "echo broken >&2; exit 3"}}, "")
		require.NoError(t, err)
		defer p.Stop(0)
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		_, err = jupyter.Connect(ctx, p)
		assert.ErrorContains(t, err, "broken")
	})
}

func ExampleFind() {
	_, err := jupyter.Find("prolog", []string{"/nowhere"})
	fmt.Println(err)
	// Output: no kernelspec prolog in /nowhere
}
