package link_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
)

func TestPrints(t *testing.T) {
	long := strings.Repeat("0123456789", 1000)
	sent := []link.Print{
		{Run: 1, Text: []byte("a")}, {Run: 1, Text: []byte("b")}, {Run: 1, Stderr: true, Text: []byte("c")},
		{Run: 1 << 40, Text: []byte(long)}, {Run: 2, Text: []byte("\x00")}, {Run: 2}, {Run: 2, Text: []byte("d")},
	}
	want := []string{"1 stdout ab", "1 stderr c", "1099511627776 stdout " + long, "2 stdout \x00d"}
	pipe := new(bytes.Buffer)
	w := link.NewPrintWriter(pipe)
	for _, p := range sent {
		require.NoError(t, w.Write(p))
	}
	for _, c := range []struct {
		name  string
		piece int
	}{{"at once", 1 << 20}, {"in pieces", 5000}, {"byte for byte", 1}} {
		t.Run(c.name, func(t *testing.T) {
			var r link.Prints
			var got []string
			last := ""
			for data := pipe.Bytes(); len(data) > 0; data = data[min(c.piece, len(data)):] {
				require.NoError(t, r.Next(data[:min(c.piece, len(data))], func(p link.Print) {
					from := fmt.Sprint(p.Run, " ", p.Name(), " ")
					if from != last {
						got, last = append(got, from), from
					}
					got[len(got)-1] += string(p.Text)
				}))
			}
			require.Equal(t, want, got)
		})
	}
}

func TestPrintsOfNobody(t *testing.T) {
	var r link.Prints
	require.ErrorContains(t, r.Next([]byte("this is no record at all"), func(link.Print) { t.Fail() }), "record")
}
