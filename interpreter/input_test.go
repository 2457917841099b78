package interpreter_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// typing is an output whose user types lines, and then ends the input.
type typing struct {
	output
	lines []string
	asked []string
}

func (t *typing) Input(_ context.Context, prompt string, password bool) (string, error) {
	if password {
		prompt += "(hidden)"
	}
	t.asked = append(t.asked, prompt)
	if len(t.lines) == 0 {
		return "", io.EOF
	}
	line := t.lines[0]
	t.lines = t.lines[1:]
	return line, nil
}

func TestInput(t *testing.T) {
	s := newSession(t)
	for _, c := range []struct {
		name, source, lines, shown string
		asked                      int
	}{
		{"Scan", `var a, b int; fmt.Scan(&a, &b); a + b`, "1 2", "[3]", 1},
		{"Scan over lines", `var a, b int; fmt.Scan(&a, &b); a + b`, "1\n2", "[3]", 2},
		{"Scanln", `var name string; fmt.Print("name? "); fmt.Scanln(&name); "hello " + name`, "Ann", `name? [hello Ann]`, 1},
		{"reader", `r := bufio.NewReader(os.Stdin); line, err := r.ReadString('\n'); fmt.Printf("%q %v", line, err)`, "a line", `"a line\n" <nil>`, 1},
		{"scanner to the end", `for s := bufio.NewScanner(os.Stdin); s.Scan(); { fmt.Println(strings.ToUpper(s.Text())) }`, "a\nb", "A\nB", 3},
		{"all", `all, err := io.ReadAll(os.Stdin); fmt.Printf("%q %v", all, err)`, "a\nb", `"a\nb\n" <nil>`, 3},
		{"nothing", `n, err := fmt.Scan(new(int)); fmt.Println(n, err)`, "", "0 EOF", 1},
		{"on a goroutine", `c := make(chan string); go func() { var s string; fmt.Scan(&s); c <- s }(); <-c`, "typed", `[typed]`, 1},
		{"more than is read", `var n int; fmt.Scan(&n); n`, "1 2 3", "[1]", 1},
		{"not the rest of the line before", `var n int; fmt.Scan(&n); n`, "4", "[4]", 1},
		{"another file", `r, w, _ := os.Pipe(); old := os.Stdin; os.Stdin = r; w.WriteString("7\n"); var n int; fmt.Scan(&n); os.Stdin = old; n`, "", "[7]", 0},
		{"display.Input", `line, err := display.Input("name? "); fmt.Println(line, err)`, "Ann", "Ann <nil>", 1},
		{"display.Password", `line, err := display.Password("word? "); fmt.Println(len(line), err)`, "secret", "6 <nil>", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := &typing{}
			if c.lines != "" {
				out.lines = strings.Split(c.lines, "\n")
			}
			failed := s.runInto(c.source, out)
			require.Nil(t, failed)
			require.Equal(t, c.shown, strings.TrimSpace(out.String()))
			require.Len(t, out.asked, c.asked)
			if strings.Contains(c.name, "Password") {
				require.Equal(t, []string{"word? (hidden)"}, out.asked)
			}
		})
	}
}

func (s *session) runInto(source string, out interpreter.Output) *interpreter.Error {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s.count++
	return s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: s.count}, out)
}

// slow is an output whose user thinks for longer than a cell may wait for nothing.
type slow struct{ typing }

func (s *slow) Input(ctx context.Context, prompt string, password bool) (string, error) {
	<-time.After(2500 * time.Millisecond)
	return s.typing.Input(ctx, prompt, password)
}

// TestInputIsWaitedFor also finds that a cell which then waits for nothing is still noticed.
func TestInputIsWaitedFor(t *testing.T) {
	s := newSession(t)
	out := &slow{typing{lines: []string{"Ann"}}}
	require.Nil(t, s.runInto(`var name string; fmt.Scan(&name); name`, out))
	require.Equal(t, "[Ann]\n", out.String())

	out = &slow{typing{lines: []string{"Ann"}}}
	ended := make(chan *interpreter.Error, 1)
	go func() { ended <- s.runInto(`fmt.Scan(new(string)); <-make(chan int)`, out) }()
	require.Eventually(t, func() bool { return strings.Contains(out.String(), "nothing is known to wake them") }, time.Minute, 10*time.Millisecond)
	s.interpreter.Interrupt()
	require.NotNil(t, <-ended)
}

// TestInputRefused is about front ends that take no input, such as nbconvert.
func TestInputRefused(t *testing.T) {
	s := newSession(t)
	require.Equal(t, "0 no input\n", s.must(`n, err := fmt.Scan(new(int)); fmt.Println(n, err)`))
}

func TestInputInterrupted(t *testing.T) {
	s := newSession(t)
	s.must(`state := 41`)
	pid := s.worker.PID()
	for name, source := range map[string]string{
		"Go":          `fmt.Scan(&state)`,
		"a goroutine": `done := make(chan bool); go func() { fmt.Scan(&state); close(done) }(); <-done`,
	} {
		t.Run(name, func(t *testing.T) {
			out := &asking{asked: make(chan string, 1)}
			ended := make(chan *interpreter.Error, 1)
			go func() { ended <- s.runInto(source, out) }()
			<-out.asked
			s.interpreter.Interrupt()
			failed := <-ended
			require.NotNil(t, failed)
			require.Equal(t, "interrupt", failed.Name)
			require.Equal(t, "[41]\n", s.must(`state`))
			require.Equal(t, pid, s.worker.PID())
		})
	}
	out := &asking{asked: make(chan string, 1)}
	failed := s.runInto(`go func() { time.Sleep(time.Millisecond); panic("elsewhere") }(); fmt.Scan(&state)`, out)
	require.NotNil(t, failed)
	require.Equal(t, "elsewhere", failed.Value, "a panic ends the question")
}
