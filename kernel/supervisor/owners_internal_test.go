package supervisor

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

func TestOwners(t *testing.T) {
	type output struct{ interpreter.Output }
	out := &output{}
	o := newOwners()
	o.set(1, out)
	o.set(2, out)
	o.set(3, out)
	o.set(3, nil)
	for run := uint64(4); run < 4+mostOwners-2; run++ {
		_, known := o.of(1)
		require.True(t, known)
		o.set(run, out)
	}
	for _, c := range []struct {
		name  string
		run   uint64
		known bool
		out   interpreter.Output
	}{
		{"has shown something", 1, true, out},
		{"has shown nothing for longest", 2, false, nil},
		{"is dropped", 3, true, nil},
		{"is the newest", 4 + mostOwners - 3, true, out},
		{"never began", 1 << 40, false, nil},
	} {
		got, known := o.of(c.run)
		require.Equal(t, c.known, known, c.name)
		require.True(t, got == c.out, c.name)
	}
	require.Len(t, o.runs, mostOwners)
}
