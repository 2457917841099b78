package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// From the first use to the end: what Reset and Close leave.
func TestLifecycle(t *testing.T) {
	out, errs, code := scenario(t, "lifecycle")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{
		"running: false",
		"init code: running InitCode[1]: ZeroDivisionError: division by zero",
		"running: true alive: true",
		"prepared: 1",
		"mine: 5",
		"after reset, mine: NameError: name 'mine' is not defined",
		"after reset, prepared: 1",
		"modules stay: True",
		"alive after close: false",
	}, lines(out))
}

func lifecycleScenario() error {
	fmt.Println("running:", pybridge.Running() != nil)
	_, err := pybridge.Open(context.Background(), pybridge.Config{MainThread: true, InitCode: []string{"prepared = 1", "1 / 0"}})
	fmt.Println("init code:", err)
	r := pybridge.Running()
	if r == nil {
		return errors.New("Python does not run")
	}
	fmt.Println("running: true alive:", r.Alive())
	show := func(what, source string) {
		o, err := r.Eval(source)
		if err != nil {
			fmt.Printf("%s: %v\n", what, err)
			return
		}
		fmt.Printf("%s: %v\n", what, o)
	}
	show("prepared", "prepared")
	if err := r.Exec("mine = 5\nimport json"); err != nil {
		return err
	}
	show("mine", "mine")
	_ = r.Reset() // the second init code fails again
	show("after reset, mine", "mine")
	show("after reset, prepared", "prepared")
	show("modules stay", "'json' in __import__('sys').modules")
	err = r.Close()
	fmt.Println("alive after close:", r.Alive())
	return err
}

func TestFeatures(t *testing.T) {
	f, err := rt.Features()
	require.NoError(t, err)
	assert.Equal(t, as[string](t, "__import__('sysconfig').get_path('purelib')"), f.Packages)
	_, err = rt.Import("numpy")
	assert.Equal(t, err == nil, f.Numpy != "")
	assert.Equal(t, rt.Info().Python.FreeThreaded, f.FreeThreaded)
}

// Open for the Python that runs already is that one; what interpreters said of themselves is kept.
func TestConfigOfAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cache", "python.json")
	r, err := pybridge.Open(t.Context(), pybridge.Config{Python: rt.Info().Python.Executable, CacheFile: file})
	require.NoError(t, err)
	assert.Same(t, rt, r)
	assert.FileExists(t, file)
}

func TestWorkingFolder(t *testing.T) {
	before, err := os.Getwd()
	require.NoError(t, err)
	dir, err := filepath.EvalSymlinks(t.TempDir())
	require.NoError(t, err)
	require.NoError(t, os.Chdir(dir))
	defer func() { assert.NoError(t, os.Chdir(before)) }()
	assert.Equal(t, dir, as[string](t, "__import__('os').getcwd()"))
}

// A main thread that waits for other things too serves Python between them.
func TestMainThreadsThatWaitForOtherThings(t *testing.T) {
	var inner bool
	onMain(t, func() error { // the main thread serves, as in TestMain: here it does so once more, by hand
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		go func() { _ = rt.OnMain(ctx, func() { inner = true }) }()
		select {
		case f := <-rt.MainWork():
			f()
		case <-ctx.Done():
			return ctx.Err()
		}
		ended, end := context.WithCancel(ctx)
		end()
		rt.ServeMain(ended) // returns at once
		return nil
	})
	assert.True(t, inner)
}
