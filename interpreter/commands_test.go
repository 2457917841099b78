package interpreter_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMeasuringCommands runs commands that print what differs each time.
func TestMeasuringCommands(t *testing.T) {
	const took = `wall \S+s, CPU \S+, allocated \S+ k?M?B in \d+\n`
	const each = `\d+\s+[\d.]+ ns/op\s+\d+ B/op\s+\d+ allocs/op\n`
	tests := []struct{ name, cell, want string }{
		{"time", "%time strings.ToUpper(\"a\")", took + `\[A\]`},
		{"time a variable", "%time x := 3\nx", took + `\[3\]`},
		{"time a declaration", "%time var y = 4\ny", took + `\[4\]`},
		{"time a list", "%time 1, 2", took + `\[1\n2\]`},
		{"time and hide", "%time 1;", took},
		{"time several", "%time fmt.Println(1)\n%time fmt.Println(2)", `1\n` + took + `2\n` + took},
		{"time a loop", "%time for i := range 2 {\n\tfmt.Println(i)\n}", `0\n1\n` + took},
		{"cell", "%%time\nz := 5\nfmt.Println(z)\nz", `5\n` + took + `\[5\]`},
		{"timeit", "%timeit strings.Repeat(\"a\", 100)", each},
		{"timeit an operator", "%timeit x + 1", each},
		{"timeit a cell", "%%timeit\nn := 0\nfor i := range 10 {\n\tn += i\n}", each},
		{"bench", "func BenchmarkX(b *testing.B) { for b.Loop() { strings.ToUpper(\"a\") } }\n%bench", `(?:goos.*\ngoarch.*\n(?:cpu.*\n)?)?BenchmarkX\S*\s+\d+\s+[\d.]+ ns/op\nPASS\n`},
	}
	s := newSession(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shown, failed := s.run(test.cell)
			require.Nil(t, failed)
			assert.Regexp(t, regexp.MustCompile("^"+test.want+"\n?$"), shown)
		})
	}
}

// TestTests runs tests of package testing, which prints how long they took.
func TestTests(t *testing.T) {
	took := regexp.MustCompile(`\d+\.\d\ds`)
	tests := []struct{ name, cell, shows, fails string }{
		{"passes", "func TestA(t *testing.T) {}\nfunc Testament() {}\nfunc TestOther() {}\n%test", "PASS\n", ""},
		{"verbose", "%test -v", "=== RUN   TestA\n--- PASS: TestA (N)\nPASS\n", ""},
		{"fails", "func TestB(t *testing.T) {\n\tt.Run(\"sub\", func(t *testing.T) { t.Error(\"wrong\") })\n}\n%test", "--- FAIL: TestB (N)\n    --- FAIL: TestB/sub (N)\n        In[3]:2: wrong\nFAIL\n", "tests have failed"},
		{"chosen", "%test A", "PASS\n", ""},
		{"all", "%test", "--- FAIL: TestB (N)\n    --- FAIL: TestB/sub (N)\n        In[3]:2: wrong\nFAIL\n", "tests have failed"},
		{"panics", "func TestC(t *testing.T) { panic(\"in a test\") }\n%test", "--- FAIL: TestC (N)\n", "in a test"},
		{"after a panic", "%test A", "PASS\n", ""},
		{"fuzz seeds", "func FuzzD(f *testing.F) {\n\tf.Add(1)\n\tf.Fuzz(func(t *testing.T, n int) {\n\t\tif n != 2 {\n\t\t\tt.Error(n)\n\t\t}\n\t})\n}\n%test", "--- FAIL: FuzzD (N)\n    --- FAIL: FuzzD/seed#0 (N)\n        In[8]:5: 1\nFAIL\n", "tests have failed"},
	}
	s := newSession(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			shown, failed := s.run(test.cell)
			assert.Equal(t, test.shows, took.ReplaceAllString(shown, "N"))
			if test.fails == "" {
				require.Nil(t, failed)
				return
			}
			require.NotNil(t, failed)
			assert.Equal(t, test.fails, failed.Value)
		})
	}
}

// TestDirectory changes the working directory, which prints a path of this machine.
func TestDirectory(t *testing.T) {
	s := newSession(t)
	dir := t.TempDir()
	shown, failed := s.run("%cd " + dir + "\n%pwd\n!pwd")
	require.Nil(t, failed)
	assert.Equal(t, strings.Repeat(dir+"\n", 3), shown)
	_, failed = s.run("%cd missing")
	require.NotNil(t, failed)
	assert.Equal(t, "chdir missing: no such file or directory", failed.Value)
}
