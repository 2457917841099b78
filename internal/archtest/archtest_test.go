package archtest

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestTree holds this tree against its rules.
func TestTree(t *testing.T) {
	tree, err := readTree(os.DirFS("../.."))
	require.NoError(t, err)
	for _, broken := range tree.check(ofThisTree()) {
		assert.Fail(t, broken)
	}
}

func TestTreeWithoutFiles(t *testing.T) {
	for name, files := range map[string]fstest.MapFS{
		"nothing":    {},
		"tests only": {"a/a_test.go": {Data: []byte("package a")}, "a/testdata/a.go": {Data: []byte("package a")}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readTree(files)
			assert.ErrorContains(t, err, "no Go files")
		})
	}
}

func TestTreeThatDoesNotParse(t *testing.T) {
	_, err := readTree(fstest.MapFS{"a/a.go": {Data: []byte("package a\nfunc {")}})
	assert.ErrorContains(t, err, "a/a.go:2")
}

// ofASmallTree are rules of each kind, which smallTree keeps.
func ofASmallTree() rules {
	return rules{
		module: "example.org/m",
		imports: map[string]row{
			"low":      {},
			"c":        {},
			"wire":     {ours: []string{"low"}, modules: []string{"example.org/zmq"}},
			"worker":   {ours: []string{"low"}, modules: []string{"example.org/zmq"}},
			"cmd/main": {ours: []string{anything}},
		},
		single:   map[string]string{"example.org/zmq": "wire/zmq.go"},
		cgo:      []string{"c"},
		worker:   []string{"low", "worker"},
		mains:    []string{"cmd/main/main.go"},
		process:  map[string]string{"low/out.go: os.Stdout": "a reason"},
		changing: map[string]string{"low: current": "a reason"},
		inits:    map[string]string{"c/c.go": "a reason"},
	}
}

func smallTree() map[string]string {
	return map[string]string{
		"low/low.go":        "package low\nimport \"sync\"\nvar current sync.Mutex\nvar Table = map[string]int{\"a\": 1}\n",
		"low/out.go":        "package low\nimport \"os\"\nvar out = os.Stdout.Name()\n",
		"low/low_test.go":   "package low\nimport \"example.org/m/wire\"\nfunc init() { Table = nil }\n",
		"c/c.go":            "package c\nimport \"C\"\nfunc init() {}\n",
		"wire/zmq.go":       "package wire\nimport \"example.org/zmq\"\nvar _ = zmq.New\n",
		"wire/wire.go":      "package wire\nimport \"example.org/m/low\"\nvar _ = low.Table\n",
		"worker/worker.go":  "package worker\nimport \"example.org/m/low\"\nfunc F() { Table := low.Table; Table = nil; _ = Table }\n",
		"cmd/main/main.go":  "package main\nimport (\n\"os\"\n_ \"example.org/m/wire\"\n)\nfunc main() { os.Exit(len(os.Args)) }\n",
		"low/testdata/x.go": "package x\nimport \"example.org/m/wire\"\n",
		"other/go.mod":      "module example.org/other\n",
		"other/o.go":        "package other\nimport \"example.org/m/wire\"\n",
		".hidden/h.go":      "package h\nimport \"example.org/m/wire\"\n",
	}
}

func checkSmall(t *testing.T, change map[string]string, r rules) []string {
	t.Helper()
	files := fstest.MapFS{}
	for name, text := range smallTree() {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	for name, text := range change {
		if text == "" {
			delete(files, name)
			continue
		}
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	tree, err := readTree(files)
	require.NoError(t, err)
	return tree.check(r)
}

func TestSmallTreeKeepsItsRules(t *testing.T) {
	assert.Empty(t, checkSmall(t, nil, ofASmallTree()))
}

// TestRulesBite breaks each rule in a file of the small tree. Each way has to be found, and nothing
// else.
func TestRulesBite(t *testing.T) {
	tests := map[string]struct {
		file, text string // the file in place of that of the tree; no text removes it
		want       string
	}{
		"an import that is not in the row": {"low/new.go", "package low\nimport \"example.org/m/c\"\n", "low/new.go:2: low may not import c"},
		"an import of the root":            {"low/new.go", "package low\nimport \"example.org/m\"\n", "low/new.go:2: low may not import ."},
		"an import by another name":        {"low/new.go", "package low\nimport (\n\t_ \"fmt\"\n\tx \"example.org/m/c\"\n)\nvar _ = x.X\n", "low/new.go:4: low may not import c"},
		"a file of another system":         {"low/new_windows.go", "//go:build windows\n\npackage low\nimport \"example.org/m/c\"\n", "low/new_windows.go:4: low may not import c"},
		"a module that is not in the row":  {"c/new.go", "package c\nimport \"example.com/mod\"\n", "c/new.go:2: c may not import example.com/mod"},
		"a module with a like name":        {"wire/new.go", "package wire\nimport \"example.org/zmqtoo\"\n", "wire/new.go:2: wire may not import example.org/zmqtoo"},
		"a module in a second file":        {"wire/new.go", "package wire\nimport \"example.org/zmq/sub\"\n", "wire/new.go:2: only wire/zmq.go may import example.org/zmq/sub"},
		"a module in the worker":           {"low/new.go", "package low\nimport \"example.com/mod\"\n", "low/new.go:2: low is linked into the worker, and may not import example.com/mod: only the standard library and packages of ours"},
		"cgo elsewhere":                    {"wire/new.go", "package wire\nimport \"C\"\n", "wire/new.go:2: only c may import \"C\""},
		"a new folder":                     {"new/new.go", "package new\n", "new: has no row in the table: say there what it may import"},
		"a folder that is gone":            {"worker/worker.go", "", "worker: has a row in the table, and no Go code"},

		"exit":              {"wire/new.go", "package wire\nimport \"os\"\nfunc f() { os.Exit(1) }\n", "wire/new.go:3: os.Exit is for main: have it handed in"},
		"arguments":         {"wire/new.go", "package wire\nimport \"os\"\nvar a = os.Args\n", "wire/new.go:3: os.Args is for main: have it handed in"},
		"standard error":    {"cmd/main/new.go", "package main\nimport \"os\"\nvar e = os.Stderr\n", "cmd/main/new.go:3: os.Stderr is for main: have it handed in"},
		"by another name":   {"wire/new.go", "package wire\nimport system \"os\"\nvar e = system.Stdout\n", "wire/new.go:3: os.Stdout is for main: have it handed in"},
		"printing":          {"wire/new.go", "package wire\nimport \"fmt\"\nfunc f() { fmt.Println() }\n", "wire/new.go:3: fmt.Println is for main: have it handed in"},
		"log.Fatal":         {"wire/new.go", "package wire\nimport \"log\"\nfunc f() { log.Fatal() }\n", "wire/new.go:3: log.Fatal is for main: have it handed in"},
		"an init function":  {"wire/new.go", "package wire\nfunc init() {}\n", "wire/new.go:2: an init function does work that nobody asked for"},
		"another exception": {"low/new.go", "package low\nimport \"os\"\nvar o = os.Stdout\n", "low/new.go:3: os.Stdout is for main: have it handed in"},

		"assignment":             {"low/new.go", "package low\nfunc f() { Table = nil }\n", "low/new.go:2: changes the package variable Table"},
		"assignment to a part":   {"low/new.go", "package low\nfunc f() { Table[\"b\"] = 2 }\n", "low/new.go:2: changes the package variable Table"},
		"assignment to a field":  {"low/new.go", "package low\nvar v struct{ f []int }\nfunc f() { (v.f)[0] += 2 }\n", "low/new.go:3: changes the package variable v"},
		"assignment by pointer":  {"low/new.go", "package low\nvar p = new(int)\nfunc f() { *p = 2 }\n", "low/new.go:3: changes the package variable p"},
		"increment":              {"low/new.go", "package low\nvar n int\nfunc f() { n++ }\n", "low/new.go:3: changes the package variable n"},
		"range":                  {"low/new.go", "package low\nvar n int\nfunc f() { for n = range 3 {} }\n", "low/new.go:3: changes the package variable n"},
		"in a value":             {"low/new.go", "package low\nvar n int\nvar g = func() { n = 1 }\n", "low/new.go:3: changes the package variable n"},
		"delete":                 {"low/new.go", "package low\nfunc f() { delete(Table, \"a\") }\n", "low/new.go:2: changes the package variable Table"},
		"address":                {"low/new.go", "package low\nvar n int\nfunc f() *int { return &n }\n", "low/new.go:3: changes the package variable n"},
		"another package's":      {"wire/new.go", "package wire\nimport \"example.org/m/low\"\nfunc f() { low.Table = nil }\n", "wire/new.go:3: changes a variable of package example.org/m/low"},
		"the standard library's": {"wire/new.go", "package wire\nimport \"net/http\"\nfunc f() { http.DefaultClient = nil }\n", "wire/new.go:3: changes a variable of package net/http"},
		"a lock":                 {"low/new.go", "package low\nimport \"sync\"\nvar lock sync.Mutex\n", "low/new.go:3: the package variable lock is of a type that is there to change"},
		"an atomic value":        {"low/new.go", "package low\nimport \"sync/atomic\"\nvar n atomic.Pointer[int]\n", "low/new.go:3: the package variable n is of a type that is there to change"},
		"a lock within":          {"low/new.go", "package low\nimport \"sync\"\ntype t struct { next *t; m []struct{ sync.Map } }\nvar v = &t{}\n", "low/new.go:4: the package variable v is of a type that is there to change"},
		"a channel":              {"low/new.go", "package low\nvar c = make(chan int)\n", "low/new.go:2: the package variable c is of a type that is there to change"},
		"one exception too many": {"low/low.go", "package low\nvar Table = map[string]int{}\n", "low: current: is an exception that nothing needs"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got := checkSmall(t, map[string]string{test.file: test.text}, ofASmallTree())
			assert.Equal(t, []string{test.want}, got)
		})
	}
}

// TestWhatIsAllowed has what looks like the above and is none of it.
func TestWhatIsAllowed(t *testing.T) {
	for name, text := range map[string]string{
		"a local variable":       "package low\nfunc f(Table map[string]int) { Table = nil; Table[\"a\"] = 1; current := 1; current++ }\n",
		"a name that is like os": "package low\nvar os struct{ Exit func(int) }\nfunc f() { os.Exit(1) }\n",
		"a method init":          "package low\ntype t struct{}\nfunc (t) init() {}\n",
		"a function of channels": "package low\nvar f func(chan int)\nvar g = func() { c := make(chan int); c <- 1 }\n",
		"reading":                "package low\nvar n = len(Table)\nfunc f() int { v := Table[\"a\"]; v++; return n + v }\n",
		"fmt.Fprintln":           "package low\nimport (\n\"fmt\"\n\"io\"\n)\nfunc f(w io.Writer) { fmt.Fprintln(w) }\n",
		"an embedded interface":  "package low\nimport \"sync\"\nvar l sync_ = nil\ntype sync_ interface { Lock(); with(*sync.Mutex) }\n",
	} {
		t.Run(name, func(t *testing.T) {
			assert.Empty(t, checkSmall(t, map[string]string{"low/new.go": text}, ofASmallTree()))
		})
	}
}

// TestWorkerIsClosed lets a row allow what must not be linked into the worker.
func TestWorkerIsClosed(t *testing.T) {
	r := ofASmallTree()
	r.imports["worker"] = row{ours: []string{"low", "wire"}}
	got := checkSmall(t, map[string]string{"worker/new.go": "package worker\nimport \"example.org/m/wire\"\n"}, r)
	assert.Equal(t, []string{"worker/new.go:2: worker is linked into the worker, and wire is not"}, got)
}

// TestOurRulesBite holds single files against the rules of this tree.
func TestOurRulesBite(t *testing.T) {
	const module = "github.com/gopy-kernel/gopy-kernel/"
	tests := map[string]struct{ file, path, want string }{
		"kernel without Python":     {"kernel/a.go", module + "pybridge", "kernel may not import pybridge"},
		"display knows nobody":      {"display/a.go", module + "pybridge", "display may not import pybridge"},
		"messaging knows nobody":    {"messaging/a.go", module + "kernel", "messaging may not import kernel"},
		"others' ZeroMQ in tests":   {"messaging/a.go", "github.com/go-zeromq/zmq4", "messaging may not import github.com/go-zeromq/zmq4"},
		"one cgo":                   {"pybridge/a.go", "C", `only pybridge/internal/capi and worker/native may import "C"`},
		"no modules in the worker":  {"worker/a.go", "github.com/google/uuid", "worker is linked into the worker, and may not import github.com/google/uuid: only the standard library and packages of ours"},
		"the worker has no kernel":  {"cmd/gopy-worker/a.go", module + "kernel", "cmd/gopy-worker is linked into the worker, and kernel is not"},
		"build knows no cell":       {"interpreter/build/a.go", module + "interpreter", "interpreter/build may not import interpreter"},
		"the bench stands alone":    {"bench/a.go", module + "messaging", "bench may not import messaging"},
		"a folder that nobody knew": {"util/a.go", "fmt", "util: has no row in the table: say there what it may import"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			tree, err := readTree(fstest.MapFS{test.file: {Data: []byte("package a\n\nimport \"" + test.path + "\"\n")}})
			require.NoError(t, err)
			var found []string
			for _, broken := range tree.check(ofThisTree()) {
				if strings.Contains(broken, test.want) {
					found = append(found, broken)
				}
			}
			assert.Len(t, found, 1)
		})
	}
}
