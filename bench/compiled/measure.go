package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// timing are the statements that time one call, after another that lets the heap and the stack grow: a program
// begins with none, and a worker does not. They print nanoseconds and what work returned.
const timing = `work(); began := time.Now(); result := work(); fmt.Println(int64(time.Since(began)), result)`

// measure runs a program both ways in turns and returns the best times.
func measure(ctx context.Context, path string, rounds int) (built, cell time.Duration, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, err
	}
	program, err := goBuild(ctx, string(text))
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(filepath.Dir(program))
	s, err := newSession(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer s.close(ctx)
	if _, err := s.run(ctx, string(text)); err != nil {
		return 0, 0, err
	}
	for range rounds {
		printed, err := exec.CommandContext(ctx, program).Output()
		if err != nil {
			return 0, 0, fmt.Errorf("running the program: %w", err)
		}
		shown, err := s.run(ctx, timing)
		if err != nil {
			return 0, 0, err
		}
		var b, c time.Duration
		var want, got string
		if _, err := fmt.Sscan(string(printed), &b, &want); err != nil {
			return 0, 0, fmt.Errorf("reading %q: %w", printed, err)
		}
		if _, err := fmt.Sscan(shown, &c, &got); err != nil {
			return 0, 0, fmt.Errorf("reading %q: %w", shown, err)
		}
		if got != want {
			return 0, 0, fmt.Errorf("the cell has %s where the program has %s", got, want)
		}
		built, cell = least(built, b), least(cell, c)
	}
	return built, cell, nil
}

func least(best, d time.Duration) time.Duration {
	if best == 0 {
		return d
	}
	return min(best, d)
}

// goBuild builds the program with a main that times it.
func goBuild(ctx context.Context, text string) (program string, err error) {
	dir, err := os.MkdirTemp("", "compiled-")
	if err != nil {
		return "", err
	}
	for name, text := range map[string]string{
		"go.mod":  "module program\n\ngo 1.26\n",
		"work.go": text,
		"main.go": "package main\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nfunc main() { " + timing + " }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", "program", ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return filepath.Join(dir, "program"), nil
}
