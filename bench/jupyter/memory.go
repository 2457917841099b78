package jupyter

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A member is one process of a family. The start time tells it from a later process that was
// given the same number.
type member struct {
	pid, parent int
	started     string
}

func (m member) stillRuns() bool {
	now, ok := readMember(m.pid)
	return ok && now.started == m.started
}

// readMember reads /proc/<pid>/stat: the parent is field 4 and the start time field 22, counted
// from behind the name, which may hold blanks and parentheses.
func readMember(pid int) (member, bool) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return member{}, false
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	if len(fields) < 20 {
		return member{}, false
	}
	parent, err := strconv.Atoi(fields[1])
	return member{pid, parent, fields[19]}, err == nil
}

// descendants lists a process and all that come from it, as far as their parents still run.
func descendants(pid int) []member {
	children := map[int][]member{}
	entries, _ := os.ReadDir("/proc") // without /proc there is no family to find
	for _, e := range entries {
		if n, err := strconv.Atoi(e.Name()); err == nil {
			if m, ok := readMember(n); ok {
				children[m.parent] = append(children[m.parent], m)
			}
		}
	}
	first, ok := readMember(pid)
	if !ok {
		return nil
	}
	family := []member{first}
	for i := 0; i < len(family); i++ {
		family = append(family, children[family[i].pid]...)
	}
	return family
}

// Memory gives the proportional set size in bytes of the kernel with all its children: pages that
// several processes share are counted once.
func (p *Process) Memory() (int64, error) {
	total := int64(0)
	for _, m := range descendants(p.PID()) {
		pss, err := readPSS(m.pid)
		if errors.Is(err, os.ErrNotExist) {
			continue // it ended meanwhile
		}
		if err != nil {
			return 0, fmt.Errorf("read the memory of process %d: %w", m.pid, err)
		}
		total += pss
	}
	if total == 0 {
		return 0, fmt.Errorf("kernel %s has no process", p.Spec.Name)
	}
	return total, nil
}

func readPSS(pid int) (int64, error) {
	f, err := os.Open(filepath.Join("/proc", strconv.Itoa(pid), "smaps_rollup"))
	if err != nil {
		return 0, err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), "Pss:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kilobytes << 10, err
		}
	}
	return 0, lines.Err()
}
