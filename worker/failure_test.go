package worker

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

type badStringer struct{}

func (badStringer) String() string { panic("no text") }

func TestPanicText(t *testing.T) {
	for want, value := range map[string]any{
		"plain":    "plain",
		"an error": errors.New("an error"),
		"int(3)":   3,
		"worker.badStringer (its text panicked: no text)": badStringer{},
	} {
		require.Equal(t, want, panicText(value))
	}
}
