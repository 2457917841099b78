package interpreter_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A hazard is something that goes wrong with compiled cells where nothing is done about it. They were found
// with a proof of thin cells that marked types in the source, linked with ld and loaded with plugin.Open. The
// answer says what is done here, which for some is that there is nothing left to go wrong.
type hazard struct {
	name   string
	answer string
	// test shows it; nil if that is the session in testdata/hazards with the name.
	test func(*testing.T)
	// shown is the test that does, in another package: a folder from here and a function.
	shown string
}

// hazards are all that were found, in four groups.
var hazards = []struct {
	group string
	rows  []hazard
}{
	{"types", []hazard{
		{name: "method-bodies", answer: "identities are of structure and signatures; when an object is loaded, the method tables of existing types and itabs are set to its functions"},
		{name: "resolved-types", answer: "an identity is a 120-bit hash over what go/types has resolved: paths of packages, lengths, tags, what aliases stand for"},
		{name: "typelinks", answer: "the source keeps the user's names, so no mark has to be mended in them; the loader binds types by their symbols and sorts typelinks by the names that reflection sees"},
		{name: "reflect-made-types", answer: "a type that reflection has made is taken for the one that a later object brings (worker/loader: made.go)"},
		{name: "embedded-names", answer: "there is no mark in the source that a field's name could get"},
		{name: "unexported-types", answer: "a pointer to such a type is written by inference from something exported that has it (hidden.go)"},
		{name: "gob", answer: "the error says since which cell the type is another"},
		{name: "c-state", answer: "all that C code declares is compiled once, as a shared object of its own"},
	}},
	{"names", []hazard{
		{name: "names-stay-bound", answer: "not files but names keep origins apart: packages, functions and variables are replaced by what go/types bound them to, in one file"},
		{name: "constant-groups", answer: "a group is declared again as a whole, what was declared anew as _"},
		{name: "broken-callers", answer: "a note names what no longer compiles; using it is the error, with both cells"},
		{name: "initialisers", answer: "initialisers and init are statements of the cell's run; loading an object only registers it"},
		{name: "order", answer: "statements in the order of the text, declarations alone in that of go/types"},
		{name: "same-type-same-cell", answer: "a heap cell belongs to a name and the identity of a type"},
		{name: "not-reached", answer: "the run says which declarations it has reached; values that were lost with a worker are errors"},
		{name: "embed", answer: "the variable with the directive stands in the object of its cell, and is copied to its heap cell when the declaration is reached"},
		{name: "raw-strings", answer: "commands are looked for where go/scanner is at the beginning of a statement"},
	}},
	{"control", []hazard{
		{name: "deadlock", answer: "the goroutines of cells are looked at after 2 s; any wait can be ended", test: hazardDeadlock},
		{name: "goexit", answer: "the loop of the worker goes on in the deferred function of the run"},
		{name: "foreign-goroutines", answer: "not function literals are guarded: the worker's package runtime asks us before a panic ends the process"},
		{name: "own-goroutines", answer: "the runtime keeps the run in the goroutine, and hands it on to those that it starts; no profiler labels", test: hazardOwnGoroutines},
		{name: "recover", answer: "an interrupt is runtime.Goexit, at each check again", test: hazardRecover},
		{name: "goto", answer: "each goto looks, whether it leads back or not", test: hazardGoto},
		{name: "late-stores", answer: "a cell is never left behind: the next one waits for its end. A goroutine of it looks between a call that leads to a library and the store", test: hazardLateStores},
		{name: "locks", answer: "a wait that is ended leaves the queue that it stood in, in the runtime; children that a cell waits for are killed", test: hazardLocks},
		{name: "checks", answer: "one load in each turn of a loop; functions without loops that cannot call themselves have none, so they are inlined. bench/compiled measures it", shown: "../interpreter TestChecks"},
	}},
	{"process", []hazard{
		{name: "thousand-cells", answer: "modules stay in the order of loading; the runtime finds that of a function by memory page. BenchmarkManyCells has a thousand", test: hazardManyCells},
		{name: "first-function", answer: "the first function of each object is ours"},
		{name: "generics", answer: "a cell compiles the instances that it needs; what they refer to is kept in the worker, for a table names all of its functions", test: hazardGenerics},
		{name: "same-text", answer: "there is no plugin path; a cell is called by a hash of its text in compiled code, and by its number when an error is shown"},
		{name: "registering", answer: "packages whose init registers something are libraries, loaded by the cell that imports them"},
		{name: "flags", answer: "builds have an environment without the user's flags, but for those about modules", test: hazardFlags},
		{name: "newer-go", answer: "GOTOOLCHAIN is local, and the error says which Go to install", shown: "../interpreter TestImportErrors"},
		{name: "session-file", answer: "cells find our packages through the import configuration, so no go.mod names us", shown: "modules TestSessionRequiresNothingOfOurs"},
		{name: "stub", answer: "the stub is made in memory of what the object names, 1 to 2 ms of 28; BenchmarkBuild measures it", shown: "build TestStub"},
		{name: "macos", answer: "untried, and said so", test: hazardMacOS},
	}},
}

// TestHazard shows that none of the hazards is one.
func TestHazard(t *testing.T) {
	sessions := map[string]bool{}
	for _, group := range hazards {
		for _, h := range group.rows {
			t.Run(group.group+"/"+h.name, func(t *testing.T) {
				t.Log(h.answer)
				switch {
				case h.test != nil:
					h.test(t)
				case h.shown != "":
					folder, function, _ := strings.Cut(h.shown, " ")
					requireTest(t, folder, function)
				default:
					runFile(t, filepath.Join("testdata", "hazards", h.name+".txt"))
				}
			})
			sessions[h.name+".txt"] = h.test == nil && h.shown == ""
		}
	}
	files, err := os.ReadDir("testdata/hazards")
	require.NoError(t, err)
	for _, f := range files {
		assert.True(t, sessions[f.Name()], "%s is no row of the table", f.Name())
	}
}

// requireTest requires that a package has a test.
func requireTest(t *testing.T, folder, function string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*_test.go"))
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if strings.Contains(string(text), "\nfunc "+function+"(t *testing.T)") {
			return
		}
	}
	t.Fatalf("%s has no %s", folder, function)
}

func hazardOwnGoroutines(t *testing.T) {
	s := newSession(t)
	s.must(`var ticks atomic.Int64
go func() { for { ticks.Add(1); time.Sleep(time.Millisecond) } }()
go func() { for { ticks.Add(1); runtime.Gosched() } }()`)
	require.Equal(t, "interrupt", s.interrupted(t, `go func() { for {} }(); for {}`).Name)
	require.Equal(t, "[true]\n", s.must(`before := ticks.Load(); for ticks.Load() < before+10 {}; true`))
}

func hazardRecover(t *testing.T) {
	s := newSession(t)
	s.must(`func work() { for { _ = 1 } }
n := 1`)
	require.Equal(t, "interrupt", s.interrupted(t, `for { func() { defer func() { n = 2; recover() }(); println("running"); work() }() }`).Name)
	require.Equal(t, "[2]\n", s.must(`n`), "deferred functions run")
	require.Equal(t, "interrupt", s.interrupted(t, `for { func() { defer func() { recover() }(); defer work(); panic(1) }() }`).Name)
}

func hazardGoto(t *testing.T) {
	s := newSession(t)
	require.Equal(t, "interrupt", s.interrupted(t, "x := 0\nL: x++; goto L").Name)
	require.Equal(t, "interrupt", s.interrupted(t, "func f() { goto B\nA: goto B\nB: goto A }\nf()").Name)
	require.Equal(t, "[3]\n", s.must("y := 0\nM: y++\nif y < 3 { goto M }\ny"))
}

// hazardLocks has what the next cell meets where one was interrupted.
func hazardLocks(t *testing.T) {
	s := newSession(t)
	s.must("var mu sync.Mutex\nch := make(chan int)\nvar child *exec.Cmd")
	require.Equal(t, "interrupt", s.interrupted(t, `mu.Lock(); mu.Lock()`).Name)
	require.Equal(t, "[true]\n", s.must(`mu.Unlock(); mu.Lock(); mu.Unlock(); mu.TryLock()`))
	require.Equal(t, "interrupt", s.interrupted(t, `v := <-ch; v`).Name)
	require.Equal(t, "[7]\n", s.must(`go func() { ch <- 7 }(); <-ch`))
	require.Equal(t, "interrupt", s.interruptedOnceRunning(t, `child = exec.Command("sleep", "1000")
child.Start()
println("running")
child.Wait()`).Name)
	var pid int
	_, err := fmt.Sscan(s.must(`fmt.Println(child.Process.Pid)`), &pid)
	require.NoError(t, err)
	require.ErrorIs(t, syscall.Kill(pid, 0), syscall.ESRCH, "the child is ended")
}

// hazardFlags has flags of the user's in the environment that would build code of another kind.
func hazardFlags(t *testing.T) {
	t.Setenv("GOFLAGS", "-race -tags=sometag -gcflags=all=-N -trimpath")
	t.Setenv("GOEXPERIMENT", "nodwarf5")
	t.Setenv("GOARCH", "arm64")
	s := newSession(t)
	require.Equal(t, "[6]\n", s.must(`func triple[T int | float64](x T) T { return 3 * x }
triple(2)`))
}

func hazardMacOS(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	require.Regexp(t, `Linux only, on amd64 and arm64; macOS is not tried\.`, string(readme))
}
