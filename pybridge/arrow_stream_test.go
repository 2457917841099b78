package pybridge_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// The streams of frames of Python, and arrow-go at the other end, are tested in test/arrow.
func TestStreamsMove(t *testing.T) {
	want := &pybridge.Table{Columns: []pybridge.Column{{Name: "x", Values: []int64{1, 2, 3}}}}
	o, err := pybridge.WriteArrow(func(to *pybridge.ArrowStream) error {
		return pybridge.ReadArrow(must(rt.Of(want)), func(from *pybridge.ArrowStream) error {
			*to, *from = *from, pybridge.ArrowStream{}
			return nil
		})
	})
	require.NoError(t, err)
	got, err := pybridge.ReadTable(o)
	require.NoError(t, err)
	assert.Equal(t, want, got)

	const twice = "the stream has been read already"
	_, err = pybridge.ReadTable(o)
	assert.ErrorContains(t, err, twice)
	empty, err := pybridge.WriteArrow(func(*pybridge.ArrowStream) error { return nil })
	require.NoError(t, err)
	assert.ErrorContains(t, pybridge.ReadArrow(empty, nil), twice)
}

func TestStreamsThatFail(t *testing.T) {
	broken := errors.New("broken")
	_, err := pybridge.WriteArrow(func(*pybridge.ArrowStream) error { return broken })
	assert.ErrorIs(t, err, broken)
	err = pybridge.ReadArrow(must(rt.Of(&pybridge.Table{})), func(*pybridge.ArrowStream) error { return broken })
	assert.ErrorIs(t, err, broken)
	assert.EqualError(t, pybridge.ReadArrow(eval(t, "[1]"), nil), "TypeError: a list is no dataframe that speaks Arrow")
}
