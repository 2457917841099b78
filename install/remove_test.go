package install_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/install"
)

func TestRemove(t *testing.T) {
	c := config(t)
	dir := stageAndCommit(t, c)
	removed, err := install.Remove(c.Kernels, "GoPy")
	require.NoError(t, err)
	assert.Equal(t, dir, removed)
	assert.NoDirExists(t, dir)
	assert.DirExists(t, c.Kernels)

	_, err = install.Remove(c.Kernels, "gopy")
	assert.ErrorContains(t, err, "there is no kernelspec gopy in "+c.Kernels)
	_, err = install.Remove(c.Kernels, "../kernels")
	assert.ErrorContains(t, err, "cannot be the name")
}

func TestRemoveLeavesOthers(t *testing.T) {
	c := config(t)
	spec := filepath.Join(c.Kernels, "python3", "kernel.json")
	write(t, spec, `{"argv": ["python", "kernel", "{connection_file}"], "display_name": "Python 3", "language": "python"}`)
	_, err := install.Remove(c.Kernels, "python3")
	require.ErrorContains(t, err, "that of another kernel, Python 3")
	assert.FileExists(t, spec)
}

// TestRemoveLink removes a kernelspec that is a link, as developers of kernels install them, and not
// what it leads to.
func TestRemoveLink(t *testing.T) {
	c := config(t)
	dir := stageAndCommit(t, c)
	elsewhere := filepath.Join(t.TempDir(), "kernelspec")
	require.NoError(t, os.Rename(dir, elsewhere))
	require.NoError(t, os.Symlink(elsewhere, dir))
	_, err := install.Remove(c.Kernels, "gopy")
	require.NoError(t, err)
	assert.NoDirExists(t, dir)
	assert.FileExists(t, filepath.Join(elsewhere, "kernel.json"))
}

func TestList(t *testing.T) {
	c := config(t)
	assert.Empty(t, install.List(c.Kernels), "a folder that is not there")
	stageAndCommit(t, c)
	c.Name = "mine"
	stageAndCommit(t, c)
	write(t, filepath.Join(c.Kernels, "python3", "kernel.json"), `{"argv": ["python"], "language": "python"}`)
	write(t, filepath.Join(c.Kernels, "broken", "kernel.json"), `{`)
	write(t, filepath.Join(c.Kernels, "empty", "logo.png"), "")
	write(t, filepath.Join(c.Kernels, "file"), "")
	var found []string
	for _, i := range install.List(c.Kernels) {
		require.NoError(t, i.Err)
		assert.Equal(t, filepath.Join(c.Kernels, i.Name), i.Dir)
		found = append(found, i.Name)
	}
	assert.Equal(t, []string{"gopy", "mine"}, found)

	write(t, filepath.Join(c.Kernels, "gopy", "kernel.json"), `{`)
	broken := install.List(c.Kernels)[0]
	assert.Equal(t, "gopy", broken.Name)
	assert.Nil(t, broken.Spec)
	assert.ErrorContains(t, broken.Err, filepath.Join(c.Kernels, "gopy", "kernel.json"))
}
