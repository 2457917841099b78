package interpreter_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// hazardLateStores interrupts cells while a library works for them, on goroutines of theirs: what it returns
// when it is done must not be stored where the next cell has stored something.
func hazardLateStores(t *testing.T) {
	s := newSession(t)
	s.must(`
data := 0
field := struct{ n int }{}
work := func() int { n := make([]int, 2_000_000); for i := range n { n[i] = i ^ 0x5555 }; sort.Ints(n); return 1000 + n[0] }
func sorted(n []int) []int { sort.Ints(n); return n }
func size(n []int) int { return len(sorted(n)) }
func embeds(n []int) bufio.ReadWriter { sort.Ints(n); return bufio.ReadWriter{} }
func pair(n []int) (int, error) { sort.Ints(n); return 1000, nil }
numbers := func() []int { n := make([]int, 2_000_000); for i := range n { n[i] = i ^ 0x5555 }; return n }
`)
	for _, c := range []struct{ name, source string }{
		{"a library's function", `n := numbers(); go func() { defer close(done); println("running"); field.n = sort.SearchInts(sorted(n), 7); data = 1000 }(); select {}`},
		{"a function of a cell that leads to one", `n := numbers(); go func() { defer close(done); println("running"); data = size(n) }(); select {}`},
		{"two values", `n := numbers(); go func() { defer close(done); println("running"); var err error; data, err = pair(n); _ = err }(); select {}`},
		{"a struct with something embedded", `n := numbers(); go func() { defer close(done); println("running"); b := embeds(n); _, data = b, 1000 }(); select {}`},
		{"by way of another variable", `n := numbers(); go func() { defer close(done); println("running"); v := size(n); data = v }(); select {}`},
		{"a method of an interface", `var list sort.Interface = sort.IntSlice(numbers()); go func() { defer close(done); println("running"); sort.Sort(list); data = list.Len() }(); select {}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.must(`done := make(chan bool)`)
			require.Equal(t, "interrupt", s.interruptedOnceRunning(t, c.source).Name)
			s.must(`data = 5`)
			require.Equal(t, "[5]\n", s.must(`<-done; data`))
		})
	}
}

// TestLateStoreOfACallLeftBehind lets a call return after loops have stopped looking for its run.
func TestLateStoreOfACallLeftBehind(t *testing.T) {
	s := newSession(t)
	s.must(`data := 0; pipe := make([]int, 2); _ = syscall.Pipe(pipe); done := make(chan bool)`)
	failed := s.interruptedOnceRunning(t, `go func() {
	defer close(done)
	println("running")
	n, err := syscall.Read(pipe[0], make([]byte, 10))
	data = n + 1000
	_ = err
}()
select {}`)
	require.Equal(t, "interrupt", failed.Name)
	s.must(`time.Sleep(3 * time.Second); data = 5; _, _ = syscall.Write(pipe[1], []byte("late"))`)
	require.Equal(t, "[5]\n", s.must(`<-done; data`))
}

// TestKeptValues uses values of calls in all the ways that assignments have.
func TestKeptValues(t *testing.T) {
	s := newSession(t)
	require.Equal(t, "A 0 false a b true 3 3\n", s.must(`
x := strings.ToUpper("a")
n, err := strconv.Atoi(x)
var before, after, found = strings.Cut("a b", " ")
var total any = len(x)
total = strings.Count("aaa", "a")
func three() (int, string, error) { return strconv.IntSize, fmt.Sprint(1), nil }
func four() (int, string, error, bool) { a, b, err := three(); return a, b, err, err == nil }
a, b, c := three()
d, e, f, g := four()
_, _, _, _, _, _, _ = a, b, c, d, e, f, g
var flag interface{ Error() string } = errors.New("e")
func generic[T any](v T) T { w := fmt.Sprint(v); _ = w; return v }
last := generic(3)
fmt.Println(x, n, err == nil, before, after, found, total, last)`))
	require.Equal(t, "a a a a true\n", s.must(`
func made() bufio.ReadWriter { return bufio.ReadWriter{Reader: bufio.NewReader(strings.NewReader("a\n"))} }
func line(r io.Reader) string { b := bufio.NewScanner(r); b.Scan(); return b.Text() }
func local() string { b := made(); var c bufio.ReadWriter = b; c = made(); return line(c) }
defined := made()
var reader io.Reader = made()
var typed bufio.ReadWriter = made()
if rw := made(); rw.Reader != nil { fmt.Println(line(defined), line(reader), line(typed), local(), rw.Writer == nil) }`))
	require.Equal(t, "[true]\n", s.must(`ok := os.Getenv("no such variable") == ""; ok`))
}
