package pybridge_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What no suite of the py4cl family had, beside what other files of this package test: forks and
// multiprocessing, asyncio, threads that end, input, figures and tables, leaks, big-endian and structured
// arrays.

func TestExportedFunctionsOutliveTemporaries(t *testing.T) {
	require.NoError(t, rt.Set("exported", func(n int) int { return n + 1 }))
	for range 5000 {
		_, err := eval(t, "lambda f: f(1)").Call(func(n int) int { return n })
		require.NoError(t, err)
	}
	runtime.GC()
	execute(t, "import gc; gc.collect()")
	assert.Equal(t, 6, as[int](t, "exported(5)"))
}

func TestCallbacksAfterACollection(t *testing.T) {
	execute(t, "kept = []")
	_, err := eval(t, "kept.append").Call(func(s string) string { return s + "!" })
	require.NoError(t, err)
	collect()
	execute(t, "import gc; gc.collect()")
	assert.Equal(t, "still!", as[string](t, "kept[0]('still')"))
	execute(t, "kept.clear()")
}

func TestValuesOfTheStandardLibrary(t *testing.T) {
	for source, check := range map[string]func(t *testing.T, v any){
		"bytearray(b'ab')": func(t *testing.T, v any) { assert.Equal(t, []byte("ab"), v) },
		"frozenset({1})":   func(t *testing.T, v any) { assert.Equal(t, pybridge.FrozenSet{1}, v) },
		"2**100": func(t *testing.T, v any) {
			assert.Equal(t, "1267650600228229401496703205376", v.(interface{ String() string }).String())
		},
		"memoryview(b'ab').tobytes()": func(t *testing.T, v any) { assert.Equal(t, []byte("ab"), v) },
	} {
		t.Run(source, func(t *testing.T) { check(t, as[any](t, source)) })
	}
}

// Progress bars rewrite their line.
func TestProgressBars(t *testing.T) {
	out := capture(t, "import sys\nfor i in range(3): print(f'\\r{i}', end='', flush=True)\nprint()")
	assert.Equal(t, "\r0\r1\r2\n", out.Stdout)
	needModule(t, "tqdm")
	out = capture(t, "from tqdm import tqdm\nfor _ in tqdm(range(3)): pass")
	assert.Contains(t, out.Stderr, "3/3")
}

func TestMillionCallsLeaveNothing(t *testing.T) {
	times := 1_000_000
	if testing.Short() {
		times = 20_000
	}
	execute(t, "import sys\nclass Mark: pass\nmark = Mark()")
	text := eval(t, "lambda n, o: str(n)")
	count := eval(t, "lambda: sys.getrefcount(mark)")
	mark := eval(t, "mark")
	before, err := pybridge.CallAs[int](count)
	require.NoError(t, err)
	for i := range times {
		s, err := pybridge.CallAs[string](text, i, mark)
		require.NoError(t, err)
		require.False(t, strings.HasPrefix(s, "-"))
	}
	after, err := pybridge.CallAs[int](count)
	require.NoError(t, err)
	assert.Equal(t, before, after)
}
