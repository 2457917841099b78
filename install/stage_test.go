package install_test

import (
	"bytes"
	"encoding/json"
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/install"
)

// config is a Config that is complete, with a new folder of kernelspecs.
func config(t *testing.T) install.Config {
	return install.Config{
		Kernels: filepath.Join(t.TempDir(), "share", "jupyter", "kernels"),
		Program: "/opt/gopy/bin/gopy-kernel",
		Go:      "/opt/go/bin/go",
		Version: "1.2.3",
	}
}

func stageAndCommit(t *testing.T, c install.Config) string {
	t.Helper()
	s, err := install.Stage(c)
	require.NoError(t, err)
	require.NoError(t, s.Commit())
	s.Discard()
	return s.Dir()
}

// TestKernelJSON holds the file against what Jupyter demands of it:
// https://jupyter-client.readthedocs.io/en/stable/kernels.html#kernel-specs.
func TestKernelJSON(t *testing.T) {
	c := config(t)
	c.Python = "/opt/venv/bin/python"
	dir := stageAndCommit(t, c)
	text, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.Unmarshal(text, &got))

	assert.Equal(t, []any{"/opt/gopy/bin/gopy-kernel", "kernel", "{connection_file}"}, got["argv"])
	assert.True(t, filepath.IsAbs(got["argv"].([]any)[0].(string)), "the PATH of a server is not that of a shell")
	assert.Equal(t, "Go (gopy)", got["display_name"])
	assert.Equal(t, "go", got["language"])
	assert.Equal(t, "message", got["interrupt_mode"])
	assert.Equal(t, "5.6.0", got["kernel_protocol_version"], "launchers may give registration files")
	assert.Equal(t, map[string]any{"GOPY_GO": "/opt/go/bin/go", "GOPY_PYTHON": "/opt/venv/bin/python"}, got["env"])
	metadata, ok := got["metadata"].(map[string]any)
	require.True(t, ok, "metadata is an object")
	assert.Equal(t, false, metadata["debugger"])
	for key := range got {
		assert.Contains(t, []string{"argv", "display_name", "language", "interrupt_mode", "kernel_protocol_version", "env", "metadata"}, key)
	}
}

func TestStageWritesAllFiles(t *testing.T) {
	dir := stageAndCommit(t, config(t))
	assert.Equal(t, []string{"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}, names(t, dir))
	for name, side := range map[string]int{"logo-32x32.png": 32, "logo-64x64.png": 64} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		require.NoError(t, err)
		c, format, err := image.DecodeConfig(bytes.NewReader(text))
		require.NoError(t, err)
		assert.Equal(t, "png", format)
		assert.Equal(t, image.Pt(side, side), image.Pt(c.Width, c.Height), name)
	}
	for _, name := range names(t, dir) {
		info, err := os.Stat(filepath.Join(dir, name))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o644), info.Mode().Perm(), "others read it, too: %s", name)
	}
}

func TestSpecOf(t *testing.T) {
	tests := map[string]struct {
		change  func(*install.Config)
		display string
		env     map[string]string // as the kernel gets it
	}{
		"as it is":     {func(c *install.Config) {}, "Go (gopy)", map[string]string{"GOPY_GO": "/opt/go/bin/go"}},
		"another name": {func(c *install.Config) { c.Name = "go1.27" }, "Go (go1.27)", map[string]string{"GOPY_GO": "/opt/go/bin/go"}},
		"display name": {func(c *install.Config) { c.DisplayName = `Go <"größte"> & 1` }, `Go <"größte"> & 1`, map[string]string{"GOPY_GO": "/opt/go/bin/go"}},
		"no Go":        {func(c *install.Config) { c.Go = "" }, "Go (gopy)", map[string]string{}},
		"dollar":       {func(c *install.Config) { c.Go = "/opt/$HOME/${x}/go" }, "Go (gopy)", map[string]string{"GOPY_GO": "/opt/$HOME/${x}/go"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			test.change(&c)
			spec, err := install.ReadSpec(stageAndCommit(t, c))
			require.NoError(t, err)
			assert.Equal(t, test.display, spec.DisplayName)
			assert.Len(t, spec.Env, len(test.env))
			for name, want := range test.env {
				assert.Equal(t, want, spec.Getenv(name))
			}
			assert.True(t, spec.Ours())
			assert.Equal(t, "1.2.3", spec.Version())
			assert.Equal(t, "/opt/gopy/bin/gopy-kernel", spec.Program())
		})
	}
}

func TestCheckName(t *testing.T) {
	for name, want := range map[string]string{
		"gopy": "gopy", "Go-1.26_x": "go-1.26_x", ".hidden": ".hidden", "9": "9",
		"": "", ".": "", "..": "", "a b": "", "a/b": "", "../a": "", "größe": "", "a\n": "", "~": "", "a\x00": "",
	} {
		got, err := install.CheckName(name)
		if want == "" {
			assert.Error(t, err, "%q", name)
			continue
		}
		require.NoError(t, err, "%q", name)
		assert.Equal(t, want, got)
	}
}

func TestStageRefuses(t *testing.T) {
	tests := map[string]struct {
		prepare func(t *testing.T, c *install.Config)
		says    string
	}{
		"a bad name":         {func(t *testing.T, c *install.Config) { c.Name = "a/b" }, `"a/b" cannot be the name`},
		"a relative program": {func(t *testing.T, c *install.Config) { c.Program = "gopy-kernel" }, "not absolute"},
		"another kernel's": {func(t *testing.T, c *install.Config) {
			c.Name = "python3"
			write(t, filepath.Join(c.Kernels, "python3", "kernel.json"), `{"argv": ["python"], "display_name": "Python 3", "language": "python"}`)
		}, "is that of another kernel, Python 3"},
		"another Go kernel's": {func(t *testing.T, c *install.Config) {
			write(t, filepath.Join(c.Kernels, "gopy", "kernel.json"), `{"argv": ["gonb", "--kernel", "{connection_file}"], "display_name": "Go (gonb)", "language": "go"}`)
		}, "is that of another kernel, Go (gonb)"},
		"broken JSON": {func(t *testing.T, c *install.Config) {
			write(t, filepath.Join(c.Kernels, "gopy", "kernel.json"), `{"argv": `)
		}, "kernel.json"},
		"a file where the folder should be": {func(t *testing.T, c *install.Config) {
			write(t, filepath.Dir(c.Kernels), "no folder")
		}, "share/jupyter"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := config(t)
			test.prepare(t, &c)
			before := tree(t, c.Kernels)
			_, err := install.Stage(c)
			require.ErrorContains(t, err, test.says)
			assert.Equal(t, before, tree(t, c.Kernels), "a refusal changes nothing")
		})
	}
}

func TestStagedIsNotSeen(t *testing.T) {
	c := config(t)
	s, err := install.Stage(c)
	require.NoError(t, err)
	assert.NoFileExists(t, filepath.Join(s.Dir(), "kernel.json"))
	assert.Empty(t, install.List(c.Kernels))
	s.Discard()
	assert.NoDirExists(t, s.Dir())
}

func TestReplace(t *testing.T) {
	c := config(t)
	dir := stageAndCommit(t, c)
	before := tree(t, dir)

	c.Go = "/usr/lib/go/bin/go"
	s, err := install.Stage(c)
	require.NoError(t, err)
	s.Discard()
	assert.Equal(t, before, tree(t, dir), "the old one stays whole until the new one is put in place")

	stageAndCommit(t, c)
	assert.Equal(t, []string{"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"}, names(t, dir))
	spec, err := install.ReadSpec(dir)
	require.NoError(t, err)
	assert.Equal(t, "/usr/lib/go/bin/go", spec.Getenv("GOPY_GO"))
}

// TestCommitFails has a folder where a file should go, which stops the last rename but one.
func TestCommitFails(t *testing.T) {
	c := config(t)
	s, err := install.Stage(c)
	require.NoError(t, err)
	write(t, filepath.Join(s.Dir(), "logo-svg.svg", "in the way"), "")
	require.ErrorContains(t, s.Commit(), s.Dir())
	s.Discard()
	assert.NoDirExists(t, s.Dir(), "no half of a kernelspec is left")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func names(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// tree is all files below a folder with what is in them.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	if _, err := os.Stat(dir); err != nil {
		return files
	}
	require.NoError(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	}))
	return files
}
