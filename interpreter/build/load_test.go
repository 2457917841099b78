package build

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// load lets a worker load images one after the other, and returns what their init functions print.
func load(t *testing.T, w *Workspace, paths ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, w.Worker(), paths...).CombinedOutput()
	return string(out), err
}

// printer declares a type that is a writer, and does something with the one that package log has.
func printer(fields, says, does string) Unit {
	u := unit(fmt.Sprintf(`
type printer struct{ %s }

var _ = reflect.TypeOf

func (p printer) Write(b []byte) (int, error) { return fmt.Printf("%s: %%s", b) }

func init() { log.SetFlags(0); %s }`, fields, says, does), "fmt", "log", "reflect")
	u.Types = map[string]string{"printer": fields}
	return u
}

// TestLoad loads units that have a type in common.
func TestLoad(t *testing.T) {
	const set, get = `log.SetOutput(printer{})`, `p, ok := log.Writer().(printer); fmt.Println(ok, p)`
	const sliceOf = `reflect.SliceOf(reflect.TypeOf(log.Writer()))`
	for _, test := range []struct {
		name  string
		units []Unit
		want  string
	}{
		{"the same type", []Unit{printer("n int", "one", set), printer("n int", "two", get)}, "true {0}\n"},
		{"another type of that name", []Unit{printer("n int", "one", set), printer("n string", "two", get)}, "false {}\n"},
		{"newer methods", []Unit{printer("n int", "one", set+`; log.Print("a")`), printer("n int", "two", `fmt.Sprint(printer{})`), printer("n int", "three", `log.Print("b")`)}, "one: a\ntwo: b\n"},
		{"a type that reflection made", []Unit{printer("n int", "one", set), printer("n int", "two", sliceOf), printer("n int", "three", `fmt.Println(`+sliceOf+` == reflect.TypeOf([]printer{}))`)}, "true\n"},
		{"deep stacks and collections in several units", []Unit{deepUnit(1), deepUnit(2), deepUnit(3)}, "1 20000\n2 20000\n3 20000\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := open(t)
			var paths []string
			for _, u := range test.units {
				built, err := w.Build(t.Context(), u)
				require.NoError(t, err)
				paths = append(paths, built.Path)
			}
			out, err := load(t, w, paths...)
			require.NoError(t, err, out)
			require.Equal(t, test.want, out)
		})
	}
}

func deepUnit(n int) Unit {
	return unit(fmt.Sprintf(`
//go:noinline
func deep(n int, p *int) int {
	if n == 0 {
		runtime.GC()
		panic("the end")
	}
	here := *p
	defer func() { *p = here + 1 }()
	return deep(n-1, &here) + here
}

func init() {
	done := make(chan int)
	go func() {
		n := 0
		defer func() {
			recover() // the deferred functions have counted on the way
			runtime.GC()
			done <- n
		}()
		deep(20_000, &n)
	}()
	fmt.Println(%d, <-done)
}`, n), "fmt", "runtime runtime")
}

// TestLoadOfAnotherWorkspace shows that what does not fit the worker is refused: a unit that was compiled
// against another version of a package.
func TestLoadOfAnotherWorkspace(t *testing.T) {
	w := open(t)
	built, err := w.Build(t.Context(), unit(`func init() { fmt.Println("loaded") }`, "fmt"))
	require.NoError(t, err)
	data, err := os.ReadFile(built.Path)
	require.NoError(t, err)
	i, err := image.Parse(data)
	require.NoError(t, err)

	// The first fingerprint is changed where it is: behind two pointers.
	target := func(at uint64) uint64 {
		for _, r := range i.Relocations {
			if r.Kind == image.Base && r.Offset == at {
				return uint64(r.Addend)
			}
		}
		t.Fatalf("there is no pointer at %#x", at)
		return 0
	}
	hashes := target(i.Module + uint64(unsafe.Offsetof(image.ModuleData{}.PackageHashes)))
	i.Code[target(hashes+uint64(unsafe.Offsetof(image.ModuleHash{}.LinkTime)))] ^= 1
	path := filepath.Join(t.TempDir(), "other.image")
	require.NoError(t, os.WriteFile(path, i.Append(nil), 0o644))
	out, err := load(t, w, path)
	require.Error(t, err)
	require.Contains(t, out, "was built with a different version of package")
	require.NotContains(t, out, "loaded\n")
}
