// Command host loads plugins whose paths it reads, a line each, runs their Run, and prints how many nanoseconds
// loading took and how many bytes of memory it has then.
package main

import (
	"bufio"
	"bytes"
	_ "encoding/json"
	"fmt"
	"io"
	"os"
	"plugin"
	"runtime"
	_ "sort"
	_ "strings"
	_ "sync"
	"time"
)

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run is the program: paths and what loading them has cost.
func run(in io.Reader, out io.Writer) error {
	paths := bufio.NewScanner(in)
	for paths.Scan() {
		began := time.Now()
		loaded, err := plugin.Open(paths.Text())
		if err != nil {
			return err
		}
		took := time.Since(began)
		f, err := loaded.Lookup("Run")
		if err != nil {
			return err
		}
		f.(func())()
		runtime.GC()
		memory, err := resident()
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintln(out, int64(took), memory); err != nil {
			return err
		}
	}
	return paths.Err()
}

// resident is the memory of this process that is its own: what it shares with files is not counted.
func resident() (int, error) {
	text, err := os.ReadFile("/proc/self/smaps_rollup")
	if err != nil {
		return 0, err
	}
	kilobytes := 0
	for line := range bytes.Lines(text) {
		var n int
		if _, err := fmt.Sscanf(string(line), "Private_Dirty: %d kB", &n); err == nil {
			kilobytes += n
		}
	}
	return kilobytes << 10, nil
}
