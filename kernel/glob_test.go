package kernel

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestMatchGlob(t *testing.T) {
	tests := []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"*", "a\nb/c", true},
		{"1?2*", "1+2", true},
		{"1?2*", "1+2 // three", true},
		{"1?2*", "12", false},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "abXbYd", false},
		{"*ab", "aaab", true},
		{"?", "ü", true},
		{"?", "üx", false},
		{"*ü*", "grün", true},
		{"[a-c]x", "bx", true},
		{"[a-c]x", "dx", false},
		{"[^a-c]x", "dx", true},
		{"[!a-c]x", "bx", false},
		{"[]]", "]", true},
		{"[a-]", "-", true},
		{"x[", "x[", true},
		{"x[1", "x[1", true},
		{"a[0]", "a0", true},
		{"a[[]0]", "a[0]", true},
	}
	for _, tt := range tests {
		t.Run(tt.pattern+" on "+tt.text, func(t *testing.T) {
			assert.Equal(t, tt.want, matchGlob(tt.pattern, tt.text))
		})
	}
}

// TestMatchGlobTakesItsTimeOnly has the pattern that makes a naive matcher try without end.
func TestMatchGlobTakesItsTimeOnly(t *testing.T) {
	done := make(chan bool)
	go func() { done <- matchGlob(strings.Repeat("a*", 50)+"b", strings.Repeat("a", 10_000)) }()
	select {
	case got := <-done:
		assert.False(t, got)
	case <-time.After(30 * time.Second):
		assert.Fail(t, "still matching")
	}
}

func TestHistoryIsBounded(t *testing.T) {
	var h history
	for line := range 3 * maxHistory {
		h.add(line, "x")
	}
	assert.LessOrEqual(t, len(h.entries), maxHistory)
	assert.Equal(t, 3*maxHistory-1, h.tail(1)[0].Line)
	h.result(0, "of a cell that is forgotten")
	assert.Empty(t, h.rangeOf(0, 0, 5))
}
