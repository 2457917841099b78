package display

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestShortTypeName(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"cell type", "main.Point", "Point"},
		{"pointer", "*main.Point", "*Point"},
		{"map", "map[main.K][]main.V", "map[K][]V"},
		{"generic", "main.Pair[string,main.V]", "Pair[string,V]"},
		{"generic of modules", "main.Set[github.com/a/b.T]", "Set[b.T]"},
		{"other package", "domain.Name", "domain.Name"},
		{"unicode package", "domäin.Name", "domäin.Name"},
		{"two paths", "x.Pair[a/b/c.T,d/e.U]", "x.Pair[c.T,e.U]"},
		{"any", "map[string]interface {}", "map[string]any"},
		{"bytes", "[][]uint8", "[][]byte"},
		{"variadic", "func(...main.T) main.U", "func(...T) U"},
		{"empty", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, shortTypeName(tt.in)) })
	}
}
