package pybridge_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestForkedChildrenDoNotCallGo(t *testing.T) {
	out, errs, code := scenario(t, "fork")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"child: RuntimeError a Go function cannot be called in a child made by fork; use the spawn start method",
		"child ended with 0", "parent goes on 3"}, lines(out))
}

func forkScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	if err := r.Set("plus", plus); err != nil {
		return err
	}
	return r.Exec(`
import os, sys
pid = os.fork()
if pid == 0:
    try:
        plus(1, 2)
    except BaseException as e:
        print("child:", type(e).__name__, e)
    sys.stdout.flush()
    os._exit(0)
print("child ended with", os.waitpid(pid, 0)[1])
print("parent goes on", plus(1, 2))
`)
}

func TestMultiprocessingStartsTheRealPython(t *testing.T) {
	out, errs, code := scenario(t, "multiprocessing")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"spawn", "[1, 2, 3]", "[4, 9]"}, lines(out))
}

func multiprocessingScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	return r.Exec(`
import multiprocessing, concurrent.futures, math, operator
multiprocessing.set_start_method("forkserver")  # the user may still choose
multiprocessing.set_start_method(None, force=True)
print(multiprocessing.get_start_method())
with multiprocessing.Pool(2) as pool:
    print(pool.map(abs, [-1, -2, -3]))
with concurrent.futures.ProcessPoolExecutor(1) as pool:
    print(list(pool.map(operator.mul, [2, 3], [2, 3])))
`)
}

func TestChildProcessesFindTheirPython(t *testing.T) {
	assert.Equal(t, rt.Info().Python.Prefix, as[string](t, "__import__('sys').prefix"))
	assert.Equal(t, rt.Info().Python.Executable, as[string](t, "__import__('sys').executable"))
	execute(t, "import subprocess, sys")
	got := as[string](t, "subprocess.run([sys.executable, '-c', 'import sys; print(sys.prefix)'], capture_output=True, text=True, check=True).stdout")
	assert.Equal(t, rt.Info().Python.Prefix, lines(got)[0])
}

func TestUtf8Mode(t *testing.T) {
	assert.Equal(t, 1, as[int](t, "__import__('sys').flags.utf8_mode"))
	assert.Equal(t, []string{""}, as[[]string](t, "__import__('sys').argv"))
	assert.Equal(t, "", as[string](t, "__import__('sys').path[0]"))
	assert.False(t, as[bool](t, "__import__('faulthandler').is_enabled()"))
}

func TestJoblibStartsTheRealPython(t *testing.T) {
	needModule(t, "joblib")
	out, errs, code := scenario(t, "joblib")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"loky [2, 2, 2]", "threading [1, 2, 3]", "multiprocessing [1, 2, 3]"}, lines(out))
}

// loky and multiprocessing start processes, threading calls Go. A Go function cannot go to another process.
func joblibScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	if err := r.Set("absolute", func(n int) int { return max(n, -n) }); err != nil {
		return err
	}
	err = r.Exec(`
import math
from joblib import Parallel, delayed
print("loky", Parallel(n_jobs=2, backend="loky")(delayed(math.gcd)(n, 2) for n in [2, 4, 6]))
print("threading", Parallel(n_jobs=2, backend="threading")(delayed(absolute)(-n) for n in [1, 2, 3]))
print("multiprocessing", Parallel(n_jobs=2, backend="multiprocessing")(delayed(abs)(-n) for n in [1, 2, 3]))
`)
	return errors.Join(err, r.Close()) // which ends the processes that loky keeps for later
}

func TestExecutorsOfThreadsCallGo(t *testing.T) {
	require.NoError(t, rt.Set("square", func(n int) int { return n * n }))
	execute(t, "import concurrent.futures\nwith concurrent.futures.ThreadPoolExecutor(4) as pool: squares = sum(pool.map(square, range(1000)))")
	assert.Equal(t, 332833500, as[int](t, "squares"))
}
