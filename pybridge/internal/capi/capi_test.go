//go:build cgo && linux

package capi_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func init() { runtime.LockOSThread() }

// forgotten takes the ids that Python has dropped.
var forgotten = make(chan uint64, 100)

func TestMain(m *testing.M) {
	if err := start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := make(chan int)
	go func() { code <- m.Run() }()
	os.Exit(<-code)
}

func start() error {
	report, err := locate.Find(context.Background(), locate.Options{})
	if err != nil {
		return err
	}
	if _, err := capi.Load("/nowhere/libpython.so"); err == nil || !strings.Contains(err.Error(), "cannot open shared object") {
		return fmt.Errorf("opening nothing: %w", err)
	}
	if _, err := capi.Load("libm.so.6"); err == nil || !strings.Contains(err.Error(), "libm.so.6 lacks PyBool_FromLong, ") {
		return fmt.Errorf("opening another library: %w", err)
	}
	version, err := capi.Load(report.Chosen.Library)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(version, report.Chosen.Python.VersionText()) {
		return errors.New("another version: " + version)
	}
	if !capi.OnMainThread() {
		return errors.New("not on the main thread")
	}
	return capi.Start([]string{report.Chosen.Python.Executable, "-X", "utf8"}, capi.Hooks{
		Call: func(id uint64, args *capi.Reader, result *capi.Frame) {
			positional, _ := args.Keywords()
			for range positional {
				args.Skip(func(h capi.Handle) { capi.Release([]capi.Handle{h}) })
			}
			result.Int(int64(id))
		},
		Forget: func(id uint64) { forgotten <- id },
	})
}

func importModule(name string) capi.Handle {
	f := capi.NewFrame()
	defer f.Free()
	f.Str(name)
	f.Step(capi.StepImport, 0)
	f.Run(capi.WantHandle)
	return capi.Handle(f.Word())
}

// A program of several steps runs in one crossing: math.pi.__class__.__name__.upper().
func TestAProgramOfSeveralSteps(t *testing.T) {
	math := importModule("math")
	f := capi.NewFrame()
	defer f.Free()
	f.Object(math)
	for _, name := range []string{"pi", "__class__", "__name__"} {
		f.Step(capi.StepGetAttr, 1)
		f.Str(name)
	}
	f.Call(capi.StepMethod, 0, 0)
	f.Str("upper")
	f.Run(capi.WantValue)
	require.Equal(t, capi.TagStr, f.Kind())
	assert.Equal(t, "FLOAT", f.Text())
	capi.Release([]capi.Handle{math})
}

func TestKindsOfResults(t *testing.T) {
	for _, test := range []struct {
		name string
		put  func(f *capi.Frame)
		want capi.Want
		kind capi.Tag
	}{
		{"nothing wanted", func(f *capi.Frame) { f.Int(1) }, capi.WantNothing, capi.TagNothing},
		{"None", func(f *capi.Frame) { f.None() }, capi.WantObject, capi.TagNone},
		{"bool", func(f *capi.Frame) { f.Bool(true) }, capi.WantObject, capi.TagTrue},
		{"int", func(f *capi.Frame) { f.Int(-5) }, capi.WantObject, capi.TagInt},
		{"large int", func(f *capi.Frame) { f.Uint(1 << 63) }, capi.WantValue, capi.TagStream},
		{"float", func(f *capi.Frame) { f.Float(0.5) }, capi.WantObject, capi.TagFloat},
		{"short text", func(f *capi.Frame) { f.Str("x") }, capi.WantValue, capi.TagStr},
		{"long text", func(f *capi.Frame) { f.Str(strings.Repeat("x", 1000)) }, capi.WantValue, capi.TagStrRef},
		{"text as object", func(f *capi.Frame) { f.Str("x") }, capi.WantObject, capi.TagObject},
		{"list", func(f *capi.Frame) { f.Container(capi.TagList, 1); f.Int(1) }, capi.WantValue, capi.TagStream},
		{"error", func(f *capi.Frame) { f.Int(1); f.Step(capi.StepLen, 0) }, capi.WantValue, capi.TagError},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := capi.NewFrame()
			defer f.Free()
			test.put(f)
			f.Run(test.want)
			require.Equal(t, test.kind, f.Kind())
			switch f.Kind() {
			case capi.TagObject, capi.TagError:
				capi.Release([]capi.Handle{capi.Handle(f.Word())})
			}
		})
	}
}

func TestValuesThatPythonHoldsAreForgottenOnce(t *testing.T) {
	f := capi.NewFrame()
	f.Container(capi.TagList, 3)
	f.Ref(1)
	f.Func(2, 0, 0, 0, "f", "")
	f.Func(3, 0, 0, 0, "g", "")
	f.Rewind(f.Mark())
	f.Run(capi.WantNothing) // made and dropped at once
	f.Free()
	f = capi.NewFrame()
	f.Ref(4)
	f.Free() // never run
	f = capi.NewFrame()
	f.Container(capi.TagDict, 1)
	f.Container(capi.TagList, 0) // no key
	f.Ref(5)
	f.Ref(6)
	f.Run(capi.WantNothing)
	require.Equal(t, capi.TagError, f.Kind())
	capi.Release([]capi.Handle{capi.Handle(f.Word())})
	f.Free()
	seen := map[uint64]int{}
	for range 6 {
		seen[<-forgotten]++
	}
	assert.Equal(t, map[uint64]int{1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1}, seen)
	assert.Empty(t, forgotten)
}

func TestPythonCallsGo(t *testing.T) {
	f := capi.NewFrame()
	defer f.Free()
	f.Func(42, 1, 0, 0, "f", "")
	f.Call(capi.StepCall, 1, 0)
	f.Container(capi.TagTuple, 0)
	f.Run(capi.WantObject)
	require.Equal(t, capi.TagInt, f.Kind())
	assert.Equal(t, uint64(42), f.Word())
	assert.Equal(t, uint64(42), <-forgotten)
}

func ExampleFrame() {
	f := capi.NewFrame()
	defer f.Free()
	f.Str("a-b-c") // "a-b-c".split("-")
	f.Call(capi.StepMethod, 1, 0)
	f.Str("split")
	f.Str("-")
	f.Run(capi.WantValue)
	words := f.Reader()
	_, n := words.Header()
	for range n {
		_, length := words.Header()
		fmt.Println(words.Text(length))
	}
	// Output:
	// a
	// b
	// c
}
