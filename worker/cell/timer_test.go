package cell

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRounded(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"nothing", "0s", "0s"},
		{"three digits", "999ns", "999ns"},
		{"four digits", "1234ns", "1.23µs"},
		{"up", "1.2367s", "1.24s"},
		{"minutes", "5m3.4s", "5m3s"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			in, err := time.ParseDuration(test.in)
			assert.NoError(t, err)
			assert.Equal(t, test.want, rounded(in).String())
		})
	}
}

func TestSize(t *testing.T) {
	tests := []struct {
		in   uint64
		want string
	}{{0, "0 B"}, {999, "999 B"}, {1000, "1 kB"}, {12345, "12.3 kB"}, {1 << 20, "1.05 MB"}, {1 << 40, "1.1 TB"}, {1 << 63, "9.22 EB"}}
	for _, test := range tests {
		t.Run(test.want, func(t *testing.T) { assert.Equal(t, test.want, size(test.in)) })
	}
}
