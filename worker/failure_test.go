package worker

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

type badStringer struct{}

func (badStringer) String() string { panic("no text") }

type (
	count int
	word  string
)

func TestPanicText(t *testing.T) {
	for _, test := range []struct {
		want  string
		value any
	}{
		{"plain", "plain"},
		{"an error", errors.New("an error")},
		{"3", 3},
		{"2.5", 2.5},
		{"true", true},
		{"worker.count(3)", count(3)},
		{`worker.word("a b")`, word("a b")},
		{"[]int([1 2])", []int{1, 2}},
		{"worker.badStringer (its text panicked: no text)", badStringer{}},
	} {
		require.Equal(t, test.want, panicText(test.value))
	}
}
