// Package proc reads what Linux says of a process in its stat file; see proc_pid_stat(5).
//
//	self, err := proc.Read("/proc", "self")
//	fmt.Println(self.PID, self.CPU)
//
// Its functions may be called from any goroutine.
package proc

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Tick is the unit of times in /proc; it is the same on all of Linux.
const Tick = time.Second / 100

// A Process is what its stat file says.
type Process struct {
	Identity
	Parent int
	CPU    time.Duration // in its own code and in the system's for it
}

// An Identity tells a process from a later one with the same id.
type Identity struct {
	PID   int
	Begun uint64 // in ticks, since the machine was started
}

// Read reads the process of a name, an id or self, below the folder where such a file system is.
func Read(root, name string) (Process, error) {
	file := filepath.Join(root, name, "stat")
	text, err := os.ReadFile(file)
	if err != nil {
		return Process{}, err
	}
	p, err := parse(string(text))
	if err != nil {
		return p, fmt.Errorf("%s: %w", file, err)
	}
	return p, nil
}

// parse reads the id, the name of the program in brackets, which may have any character in it, and fields of which
// the manual counts the first as the third.
func parse(text string) (Process, error) {
	id, _, _ := strings.Cut(text, " ")
	pid, err := strconv.Atoi(id)
	if err != nil {
		return Process{}, err
	}
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	var n [4]uint64 // parent, time in user code, time in the system, when it began
	for i, at := range [...]int{4, 14, 15, 22} {
		if at-3 >= len(fields) {
			return Process{}, fmt.Errorf("there are only %d fields", len(fields)+2)
		}
		if n[i], err = strconv.ParseUint(fields[at-3], 10, 64); err != nil {
			return Process{}, fmt.Errorf("field %d: %w", at, err)
		}
	}
	return Process{Identity: Identity{pid, n[3]}, Parent: int(n[0]), CPU: time.Duration(n[1]+n[2]) * Tick}, nil
}
