package build

import (
	"encoding/json"
	"os"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLook(t *testing.T) {
	c := Config{Dir: t.TempDir(), Version: "1", Sources: fstest.MapFS{"a.go": {Data: []byte("package a")}}}
	s, err := Look(c)
	require.NoError(t, err)
	assert.Equal(t, State{Base: c.Dir}, s, "without a toolchain")

	c.Toolchain = &Toolchain{Version: "go1.26.8"}
	s, err = Look(c)
	require.NoError(t, err)
	assert.NotEmpty(t, s.Dir)
	assert.NoDirExists(t, s.Dir, "looking changes nothing")
	assert.Zero(t, s.Made, "nothing is there")

	id, err := c.id()
	require.NoError(t, err)
	for name, test := range map[string]struct {
		id   string
		made bool
	}{"another kernel's": {"0", false}, "complete": {id, true}} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(manifest{ID: test.id})
			require.NoError(t, err)
			require.NoError(t, os.MkdirAll(s.Dir, 0o755))
			require.NoError(t, os.WriteFile(manifestFile(s.Dir), text, 0o644))
			s, err := Look(c)
			require.NoError(t, err)
			assert.Equal(t, test.made, !s.Made.IsZero())
			if test.made {
				assert.WithinDuration(t, time.Now(), s.Made, time.Hour)
			}
		})
	}
}

func TestTooOld(t *testing.T) {
	for said, want := range map[string]bool{
		"go1.26.8": false, "go1.26": false, "go1.26rc1": false, "go1.27.1 X:nodwarf5": false, "devel go1.28-0123abc Mon": false,
		"go1.25.9": true, "go1.9": true, "": true, "devel +0123abc": true,
	} {
		assert.Equal(t, want, tooOld(said), "%q", said)
	}
}
