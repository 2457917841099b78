package image

import (
	"bytes"
	"os"
	"runtime"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// sample is an image with something in each list.
func sample() *Image {
	return &Image{
		Page: PageSize, Code: bytes.Repeat([]byte{0xcc}, 40), Data: make([]byte, 1024), Zero: 64, Module: PageSize,
		Relocations: []Relocation{
			{Offset: 0, Addend: 0x400000, Kind: Relative},
			{Offset: PageSize + 8, Addend: 16, Kind: Base},
			{Offset: PageSize + 16, Addend: -8, Index: 1, Kind: ToShared},
		},
		Shared: []Shared{
			{Name: "type:[]int", Offset: 8, Address: 0x500000},
			{Name: "go:itab.main.T,error", Itab: true, Offset: PageSize + 32},
		},
	}
}

func TestParse(t *testing.T) {
	made := sample()
	read, err := Parse(made.Append(nil))
	require.NoError(t, err)
	require.Equal(t, made, read)
	require.EqualValues(t, PageSize, read.DataOffset())
	require.EqualValues(t, PageSize+1024+64, read.Size())
	read.Page = MostPage
	require.EqualValues(t, MostPage, read.DataOffset())
}

func TestParseCutOff(t *testing.T) {
	data := sample().Append(nil)
	for n := range data {
		_, err := Parse(data[:n])
		require.Error(t, err, "the first %d bytes of %d", n, len(data))
	}
	_, err := Parse(append(data, 0))
	require.ErrorContains(t, err, "behind the image")
}

// TestParseOutside sees to it that a broken image cannot make the loader write outside of it.
func TestParseOutside(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*Image)
	}{
		{"relocation in the gap behind the code", func(i *Image) { i.Relocations[0].Offset = 40 }},
		{"relocation over the end of the code", func(i *Image) { i.Relocations[0].Offset = 37 }},
		{"relocation over the end of the data", func(i *Image) { i.Relocations[1].Offset = PageSize + 1020 }},
		{"relocation in the zeroes", func(i *Image) { i.Relocations[1].Offset = PageSize + 1024 }},
		{"relocation whose end overflows", func(i *Image) { i.Relocations[1].Offset = 1<<64 - 4 }},
		{"shared symbol that is not there", func(i *Image) { i.Relocations[2].Index = 2 }},
		{"kind that is not there", func(i *Image) { i.Relocations[2].Kind = 200 }},
		{"descriptor outside", func(i *Image) { i.Shared[0].Offset = 1 << 40 }},
		{"module outside", func(i *Image) { i.Module = PageSize + 1024 - 8 }},
		{"module in the gap", func(i *Image) { i.Module = 48 }},
		{"pages of no size", func(i *Image) { i.Page = 0 }},
		{"pages that are none", func(i *Image) { i.Page = PageSize + 8 }},
		{"many zeroes", func(i *Image) { i.Zero = 1 << 50 }},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := sample()
			test.change(i)
			_, err := Parse(i.Append(nil))
			require.Error(t, err)
		})
	}
}

// TestModuleData compares what the front compares with a worker.
func TestMethods(t *testing.T) {
	descriptor := func(v any) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&v)) }
	require.Len(t, Methods(descriptor(withMethods{})), 2)
	require.Len(t, Methods(descriptor(new(withMethods))), 3)
	require.Empty(t, Methods(descriptor(7)))
	require.Empty(t, Methods(descriptor([]withMethods{})))
	require.True(t, IsDeclared(descriptor(withMethods{})))
	require.False(t, IsDeclared(descriptor([]withMethods{})))
}

type withMethods map[string]int

func (withMethods) A()  {}
func (withMethods) B()  {}
func (*withMethods) C() {}

// FuzzParse reads what may be an image. What is taken for one can be written again, and cannot make the
// loader write outside of it. The inputs are without the magic string, for it tells versions apart.
func FuzzParse(f *testing.F) {
	seeds, err := os.ReadDir("testdata/fuzz/FuzzParse")
	require.NoError(f, err)
	require.GreaterOrEqual(f, len(seeds), 5, "seeds are committed")
	f.Add(sample().Append(nil)[len(magic):])
	f.Fuzz(func(t *testing.T, rest []byte) {
		data := append([]byte(magic), rest...)
		i, err := Parse(data)
		if err != nil {
			return
		}
		again, err := Parse(i.Append(nil))
		require.NoError(t, err)
		require.Equal(t, i, again)
		for _, r := range i.Relocations {
			require.LessOrEqual(t, r.Offset, i.Size()-4)
		}
		require.LessOrEqual(t, i.Module, i.Size()-uint64(unsafe.Sizeof(ModuleData{})))
	})
}

// TestModuleSize has the version that this was compiled with; CI compiles with one, users with any.
func TestModuleSize(t *testing.T) {
	require.EqualValues(t, unsafe.Sizeof(ModuleData{}), ModuleSize(runtime.Version()))
	require.EqualValues(t, ModuleSize(runtime.Version())-8, unsafe.Offsetof(ModuleData{}.Next))
}
