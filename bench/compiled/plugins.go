package main

import (
	"bufio"
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// What cells would cost as ordinary Go plugins is measured beside the same cells as they are. Each is built some
// times with a text that is new, once by `go build -buildmode=plugin` and once by the interpreter, and
// loaded into a process that stays: a host of plugins, and the worker. The host holds all packages that the cells import.

// A sample is one cell, and the same as the source of a plugin. In both %q is replaced by a text that is new.
type sample struct{ name, cell, plugin string }

var samples = []sample{
	{"expression", `n := len(%q)`, "var n int\nfunc Run() { n = len(%q) }"},
	{"fmt", `text := fmt.Sprint(%q, 1)`, "import \"fmt\"\nvar text string\nfunc Run() { text = fmt.Sprint(%q, 1) }"},
	{"function", `func f(x string) string { return x + %q }`, "func F(x string) string { return x + %q }\nfunc Run() {}"},
	{"type with methods", "type T struct{ a, b string }\nfunc (t T) String() string { return t.a + %q }\nt := T{}\n_ = t.String()",
		"type T struct{ a, b string }\nfunc (t T) String() string { return t.a + %q }\nvar t T\nfunc Run() { _ = t.String() }"},
	{"five packages", `b, err := json.Marshal(strings.Fields(%q)); var mu sync.Mutex; sort.Strings(nil); text := fmt.Sprint(string(b), err)`,
		"import (\"encoding/json\"; \"fmt\"; \"sort\"; \"strings\"; \"sync\")\nvar mu sync.Mutex\nvar text string\n" +
			"func Run() { b, err := json.Marshal(strings.Fields(%q)); sort.Strings(nil); text = fmt.Sprint(string(b), err) }"},
}

// A cost is what one cell has cost.
type cost struct {
	built  time.Duration // from the text to what can be loaded; of a cell of ours to the end of its run
	loaded time.Duration
	file   int64 // bytes
	memory int   // bytes that the process has more
}

// plugins prints a table of all samples whose names begin with only.
func plugins(ctx context.Context, rounds int, only string, out, errOut io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "\tplugin\tcell\tplugin\tplugin\tcell\tplugin\tcell\t\n")
	fmt.Fprintf(table, "\tms\tms\tload ms\tfile kB\tfile kB\tmemory kB\tmemory kB\t\n")
	for _, s := range samples {
		if !strings.HasPrefix(s.name, only) {
			continue
		}
		fat, thin, err := measurePlugin(ctx, s, rounds, errOut)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		fmt.Fprintf(table, "%s\t%.0f\t%.0f\t%.1f\t%d\t%d\t%d\t%d\t\n", s.name, ms(fat.built), ms(thin.built), ms(fat.loaded), fat.file>>10, thin.file>>10, fat.memory>>10, thin.memory>>10)
	}
	return table.Flush()
}

// measurePlugin builds and loads a cell both ways in turns.
func measurePlugin(ctx context.Context, s sample, rounds int, errOut io.Writer) (fat, thin cost, err error) {
	dir, err := os.MkdirTemp("", "plugins-")
	if err != nil {
		return fat, thin, err
	}
	defer os.RemoveAll(dir)
	h, err := startHost(ctx, dir, errOut)
	if err != nil {
		return fat, thin, err
	}
	defer h.close()
	session, err := newSession(ctx)
	if err != nil {
		return fat, thin, err
	}
	defer session.close(ctx)
	var fats, thins []cost
	for n := range rounds + 1 {
		f, err := h.cell(ctx, n, fmt.Sprintf(s.plugin, rand.Text()))
		if err != nil {
			return fat, thin, err
		}
		t, err := session.cell(ctx, fmt.Sprintf(s.cell, rand.Text()))
		if err != nil {
			return fat, thin, err
		}
		if n > 0 { // the first pays for the rest
			fats, thins = append(fats, f), append(thins, t)
		}
	}
	return typical(fats), typical(thins), nil
}

// A host is a process that loads plugins.
type host struct {
	dir     string
	process *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
}

func startHost(ctx context.Context, dir string, errOut io.Writer) (*host, error) {
	program := filepath.Join(dir, "host")
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", program, "./bench/compiled/host").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the host: %w\n%s", err, out)
	}
	h := &host{dir: dir, process: exec.CommandContext(ctx, program)}
	h.process.Stderr = errOut
	var err error
	if h.in, err = h.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := h.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	h.out = bufio.NewReader(out)
	return h, h.process.Start()
}

func (h *host) close() {
	h.in.Close() // which ends it
	_ = h.process.Wait()
}

// cell builds a plugin and loads it.
func (h *host) cell(ctx context.Context, n int, source string) (c cost, err error) {
	dir := filepath.Join(h.dir, fmt.Sprintf("cell%d", n))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return c, err
	}
	for name, text := range map[string]string{"go.mod": fmt.Sprintf("module cell%d\n\ngo 1.26\n", n), "cell.go": "package main\n" + source + "\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return c, err
		}
	}
	began := time.Now()
	cmd := exec.CommandContext(ctx, "go", "build", "-buildmode=plugin", "-o", "cell.so", ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return c, fmt.Errorf("go build: %w\n%s", err, out)
	}
	c.built = time.Since(began)
	path := filepath.Join(dir, "cell.so")
	info, err := os.Stat(path)
	if err != nil {
		return c, err
	}
	c.file = info.Size()
	if _, err := fmt.Fprintln(h.in, path); err != nil {
		return c, err
	}
	line, err := h.out.ReadString('\n')
	if err != nil {
		return c, fmt.Errorf("reading what the host says: %w", err)
	}
	_, err = fmt.Sscan(line, &c.loaded, &c.memory)
	return c, err
}

// memory is a cell that tells of the worker what the host tells of itself.
const memory = `func() string { runtime.GC(); text, _ := os.ReadFile("/proc/self/smaps_rollup"); _, after, _ := strings.Cut(string(text), "Private_Dirty:"); return strings.Fields(after)[0] }()`

// cell builds and runs a cell.
func (s *session) cell(ctx context.Context, source string) (c cost, err error) {
	began := time.Now()
	if _, err := s.run(ctx, source); err != nil {
		return c, err
	}
	c.built, c.file = time.Since(began), s.built.last
	c.memory, err = s.memory(ctx)
	return c, err
}

// memory is what the worker has for itself, in bytes.
func (s *session) memory(ctx context.Context) (bytes int, err error) {
	shown, err := s.run(ctx, "fmt.Println("+memory+")")
	if err != nil {
		return 0, err
	}
	_, err = fmt.Sscan(shown, &bytes)
	return bytes << 10, err
}

// typical has the median of each part but the memory, which is the mean: it grows by whole pages.
func typical(costs []cost) cost {
	return cost{
		built:  median(costs, func(c cost) time.Duration { return c.built }),
		loaded: median(costs, func(c cost) time.Duration { return c.loaded }),
		file:   median(costs, func(c cost) int64 { return c.file }),
		memory: (costs[len(costs)-1].memory - costs[0].memory) / max(len(costs)-1, 1),
	}
}

func median[T cmp.Ordered](costs []cost, part func(cost) T) T {
	var parts []T
	for _, c := range costs {
		parts = append(parts, part(c))
	}
	slices.Sort(parts)
	return parts[len(parts)/2]
}
