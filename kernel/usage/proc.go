package usage

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// A process is what its stat file says.
type process struct {
	identity
	parent int
	cpu    time.Duration
}

// tick is the unit of processor time in /proc; it is the same on all of Linux.
const tick = time.Second / 100

// readProcesses leaves out those that end while it reads.
func readProcesses(root string) ([]process, error) {
	folder, err := os.Open(root)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	var found []process
	for _, name := range names {
		if name[0] < '0' || name[0] > '9' {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name, "stat"))
		if err != nil {
			continue
		}
		p, err := parseProcess(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s/%s/stat: %w", root, name, err)
		}
		found = append(found, p)
	}
	return found, nil
}

// parseProcess reads a stat file: the id, the name in brackets, which may have any character in it, and fields
// of which proc(5) counts the first as the third.
func parseProcess(text string) (process, error) {
	id, _, _ := strings.Cut(text, " ")
	pid, err := strconv.Atoi(id)
	if err != nil {
		return process{}, err
	}
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	var n [4]uint64 // parent, time in user code, time in the system, when it began
	for i, at := range [...]int{4, 14, 15, 22} {
		if at-3 >= len(fields) {
			return process{}, fmt.Errorf("there are only %d fields", len(fields)+2)
		}
		if n[i], err = strconv.ParseUint(fields[at-3], 10, 64); err != nil {
			return process{}, fmt.Errorf("field %d: %w", at, err)
		}
	}
	return process{identity: identity{pid, n[3]}, parent: int(n[0]), cpu: time.Duration(n[1]+n[2]) * tick}, nil
}

// descendants returns the process with the id, all that it started, all that these started, and so on.
func descendants(all []process, pid int) []process {
	children := map[int][]process{}
	var family []process
	for _, p := range all {
		if p.pid == pid {
			family = append(family, p)
			continue
		}
		children[p.parent] = append(children[p.parent], p)
	}
	for next := 0; next < len(family); next++ {
		family = append(family, children[family[next].pid]...)
	}
	return family
}

// hostTime is processor time since the machine was started, of all processors.
type hostTime struct{ busy, total uint64 }

// readHostTime reads the first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal, and two
// that user and nice have in them. Waiting for a disk is not busy.
func readHostTime(path string) (hostTime, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return hostTime{}, err
	}
	line, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 || fields[0] != "cpu" {
		return hostTime{}, fmt.Errorf("%s does not begin with processor times", path)
	}
	var t hostTime
	for at, field := range fields[1:9] {
		n, err := strconv.ParseUint(field, 10, 64)
		if err != nil {
			return t, fmt.Errorf("%s: %w", path, err)
		}
		t.total += n
		if at != 3 && at != 4 {
			t.busy += n
		}
	}
	return t, nil
}

// readSizes reads lines such as "MemTotal: 16384 kB", into bytes. Other lines are left out.
func readSizes(path string) (map[string]int64, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	sizes := map[string]int64{}
	for line := range bytes.Lines(text) {
		name, value, ok := strings.Cut(string(line), ":")
		size, unit, _ := strings.Cut(strings.TrimSpace(value), " ")
		n, err := strconv.ParseInt(size, 10, 64)
		if ok && err == nil && strings.TrimSpace(unit) == "kB" {
			sizes[name] = n << 10
		}
	}
	return sizes, nil
}
