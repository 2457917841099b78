package display_test

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// mostText is more than any text/plain may have here, and mostHTML than any table.
const (
	mostText = 1 << 20
	mostHTML = 1 << 20
)

type selfSlice []selfSlice

type selfMap map[string]selfMap

type selfPointer *selfPointer

type dense struct{ A, B, C, D *dense }

// graph is 60 structs in which each points to each of the next few: 4^60 ways through it.
func graph() *dense {
	var last *dense
	for range 60 {
		last = &dense{last, last, last, last}
	}
	return last
}

func deep(levels int) any {
	var v any = "bottom"
	for range levels {
		v = []any{v, v}
	}
	return v
}

func TestRenderIsBounded(t *testing.T) {
	slice := selfSlice{nil}
	slice[0] = slice
	loop := selfMap{}
	loop["again"] = loop
	var pointer selfPointer
	pointer = &pointer
	var face any
	face = &face
	long := strings.Repeat("x", 4<<20)
	huge := map[int]int{}
	for i := range 200_000 {
		huge[i] = i
	}
	tests := []struct {
		name string
		v    any
	}{
		{"cyclic slice", slice},
		{"cyclic map", loop},
		{"cyclic pointer", pointer},
		{"cyclic interface", face},
		{"cyclic struct", ring()},
		{"dense graph", graph()},
		{"deep", deep(64)},
		{"huge slice", make([]float64, 10_000_000)},
		{"huge slice of empty structs", make([]struct{}, math.MaxInt)},
		{"huge slice of structs", make([]person, 1_000_000)},
		{"huge array", &[1 << 20]person{}},
		{"huge map", huge},
		{"long string", long},
		{"long strings", []string{long, long, long}},
		{"long bytes", []byte(long)},
		{"long keys", map[string]int{long + "a": 1, long + "b": 2}},
		{"long stringer", &secret{long}},
		{"long error", fmt.Errorf("%s", long)},
		{"long cells", []person{{long, 1, 1}}},
		{"wide maps", []map[int]int{huge, huge}},
		{"strings of strings", [][][]string{{{long, long}, {long}}}},
		{"channels", []chan int{nil, make(chan int)}},
		{"pointers", []unsafe.Pointer{nil, unsafe.Pointer(&face)}},
		{"locked mutex", &struct{ mu *sync.RWMutex }{&sync.RWMutex{}}},
		{"NaN keys", map[float64]int{math.NaN(): 1, math.NaN(): 2}},
		{"NaN keys in records", []map[float64]int{{math.NaN(): 1}, {math.NaN(): 2}}},
		{"reflect", reflect.ValueOf(person{})},
		{"reflect unexported", reflect.ValueOf(person{}).Field(2)},
		{"reflect nothing", reflect.Value{}},
		{"reflect type", reflect.TypeOf(1)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := sendable(t, display.Render(tt.v))
			assert.Less(t, len(b.Data["text/plain"].(string)), mostText)
			if page, ok := b.Data["text/html"].(string); ok {
				assert.Less(t, len(page), mostHTML)
			}
		})
	}
}

// A mutex in a field is copied with its struct but never locked; a String method with a pointer
// receiver, which might lock it, is not called on the copy.
type guarded struct {
	mu   sync.Mutex
	word string
}

func (g *guarded) String() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.word
}

func TestRenderTakesNoLockOfACopy(t *testing.T) {
	holder := map[string]*struct{ inner guarded }{"k": {}}
	holder["k"].inner.mu.Lock()
	assert.Contains(t, text(t, holder), "inner:")
	assert.Equal(t, "free", text(t, &guarded{word: "free"}))
}

// Memory that was taken away, as happens to views of arrays that C owns, is a note, not a crash.
func TestRenderOfLostMemory(t *testing.T) {
	memory, err := syscall.Mmap(-1, 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	require.NoError(t, err)
	view := unsafe.Slice((*float64)(unsafe.Pointer(&memory[0])), 512)
	rows := [][]float64{view}
	require.NoError(t, syscall.Munmap(memory))
	assert.Contains(t, text(t, view), "[]float64 (text/plain: a method panicked:")
	assert.NotContains(t, display.Render(rows).Data, "text/html")
}

// Counters of sync/atomic are loaded as they must be: the race detector watches this test.
func TestRenderLoadsAtomics(t *testing.T) {
	counted := &struct {
		n  atomic.Int64
		on atomic.Bool
	}{}
	var writer sync.WaitGroup
	writer.Go(func() {
		for range 1000 {
			counted.n.Add(1)
			counted.on.Store(true)
		}
	})
	for range 50 {
		sendable(t, display.Render(counted))
	}
	writer.Wait()
	assert.Contains(t, text(t, counted), "n: 1000, on: true")
}
