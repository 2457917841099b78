package cell

import (
	"errors"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
)

func TestCSymbol(t *testing.T) {
	var function uintptr
	LinkC(func(library, name string) (unsafe.Pointer, error) {
		if library != "part.so" || name != "function" {
			return nil, errors.New("not there")
		}
		return unsafe.Pointer(&function), nil
	})
	assert.Equal(t, unsafe.Pointer(&function), CSymbol("part.so", "function"))
	assert.PanicsWithError(t, "not there", func() { CSymbol("part.so", "other") })
	assert.True(t, CExport("part.so", "function", func() {}))
	assert.NotZero(t, function)
}
