package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var pythonImport = regexp.MustCompile(`(?m)^\s*from gopy_kernel(?:\.(\w+) import|\s+import ([\w, ]+))`)

// pythonImports returns what each module of the bridge's Python side imports of the others, late or not.
func pythonImports(t *testing.T) map[string][]string {
	files, err := filepath.Glob("../../pybridge/python/gopy_kernel/*.py")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	imports := map[string][]string{}
	for _, file := range files {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		name := strings.TrimSuffix(filepath.Base(file), ".py")
		for _, m := range pythonImport.FindAllStringSubmatch(string(source), -1) {
			imports[name] = append(imports[name], strings.Split(m[1]+m[2], ", ")...)
		}
	}
	return imports
}

// ring returns the modules on a way from one back to itself, or nil.
func ring(imports map[string][]string, way []string, done map[string]bool) []string {
	last := way[len(way)-1]
	if at := slices.Index(way, last); at < len(way)-1 {
		return way[at:]
	}
	if done[last] {
		return nil
	}
	for _, next := range imports[last] {
		if found := ring(imports, append(slices.Clone(way), next), done); found != nil {
			return found
		}
	}
	done[last] = true
	return nil
}

func TestPythonModulesFormNoRing(t *testing.T) {
	imports := pythonImports(t)
	assert.Contains(t, imports["figures"], "pictures")
	assert.Contains(t, imports["lifecycle"], "streams")
	for name := range imports {
		assert.Empty(t, ring(imports, []string{name}, map[string]bool{}))
	}
	assert.Equal(t, []string{"b", "c", "b"}, ring(map[string][]string{"a": {"b"}, "b": {"c"}, "c": {"b"}}, []string{"a"}, map[string]bool{}))
}
