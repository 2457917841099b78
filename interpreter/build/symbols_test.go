package build

import (
	"bytes"
	"debug/elf"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSymbolTable compares what the table finds with what debug/elf reads.
func TestSymbolTable(t *testing.T) {
	w := open(t)
	f, err := elf.Open(w.Worker())
	require.NoError(t, err)
	defer f.Close()
	symbols, err := f.DynamicSymbols()
	require.NoError(t, err)
	require.Greater(t, len(symbols), 10_000)
	types := 0
	for i, s := range symbols {
		if s.Section == elf.SHN_UNDEF {
			continue
		}
		index, ok := w.symbols.lookup(s.Name)
		require.True(t, ok, s.Name)
		d := w.symbols.definition(index)
		require.Equal(t, definition{s.Name, s.Info, uint16(s.Section), s.Value, s.Size}, d)
		if strings.HasPrefix(s.Name, "type:") && elf.ST_TYPE(s.Info) == elf.STT_OBJECT {
			at, ok := w.symbols.typeAt(s.Value)
			require.True(t, ok, "%d %s", i, s.Name)
			require.Equal(t, s.Value, w.symbols.definition(at).value)
			types++
		}
	}
	require.Greater(t, types, 5_000)
	for _, name := range []string{"", "no.such.symbol", "fmt.Sprin", "type:"} {
		_, ok := w.symbols.lookup(name)
		require.False(t, ok, name)
	}
}

// TestWorkerHoldsEverything looks for what the compiler calls on its own and for functions that are
// inlined wherever the worker itself calls them.
func TestWorkerHoldsEverything(t *testing.T) {
	w := open(t)
	for _, name := range []string{
		"runtime.strmax", "runtime.complex128div", "runtime.deferrangefunc", "runtime.gcWriteBarrier8", "runtime.addmoduledata",
		"reflect.toRType", "go:builtin.error.Error", "fmt.Println", "net/http.DefaultClient", "strings.(*Builder).WriteString",
		"type:*iter.coro", "encoding/json.Marshal", "runtime.memmove",
	} {
		_, ok := w.symbols.find(reference{name: name})
		require.True(t, ok, name)
	}
}

func TestStub(t *testing.T) {
	w := open(t)
	data := newStub(w.toolchain.machine(), []holder{w.symbols}, []reference{{"fmt.Sprint", true}, {"type:time.Time", false}, {"type:net/http.Request", false}, {"os.Stdout", false}, {"no.such.symbol", true}}, nil)
	f, err := elf.NewFile(bytes.NewReader(data))
	require.NoError(t, err)
	symbols, err := f.DynamicSymbols()
	require.NoError(t, err)
	names := map[string]elf.Symbol{}
	for _, s := range symbols {
		names[s.Name] = s
	}
	require.Contains(t, names, "fmt.Sprint.abiinternal", "the linker takes a plain name for another calling convention")
	require.Contains(t, names, "os.Stdout")
	require.Contains(t, names, stubHash)
	require.NotContains(t, names, "no.such.symbol")
	require.Contains(t, names, mangle("type:*net/url.URL"), "types that a type leads to are there too")

	request := names[mangle("type:net/http.Request")]
	content, err := f.Sections[request.Section].Data()
	require.NoError(t, err)
	descriptor := content[request.Value-typesAddress:][:request.Size]
	mask := order.Uint64(descriptor[typeGCData:])
	require.GreaterOrEqual(t, mask, uint64(typesAddress), "the pointer mask is in the stub")
	require.Less(t, mask, typesAddress+uint64(len(content)))
	require.Less(t, len(data), 200_000)
}
