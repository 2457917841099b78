package usage

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/internal/proc"
)

// readProcesses leaves out those that end while it reads.
func readProcesses(root string) ([]proc.Process, error) {
	folder, err := os.Open(root)
	if err != nil {
		return nil, err
	}
	defer folder.Close()
	names, err := folder.Readdirnames(-1)
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}
	var found []proc.Process
	for _, name := range names {
		if name[0] < '0' || name[0] > '9' {
			continue
		}
		p, err := proc.Read(root, name)
		if errors.As(err, new(*fs.PathError)) {
			continue
		}
		if err != nil {
			return nil, err
		}
		found = append(found, p)
	}
	return found, nil
}

// descendants returns the process with the id, all that it started, all that these started, and so on.
func descendants(all []proc.Process, pid int) []proc.Process {
	children := map[int][]proc.Process{}
	var family []proc.Process
	for _, p := range all {
		if p.PID == pid {
			family = append(family, p)
			continue
		}
		children[p.Parent] = append(children[p.Parent], p)
	}
	for next := 0; next < len(family); next++ {
		family = append(family, children[family[next].PID]...)
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
