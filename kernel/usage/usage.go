// Package usage tells what processes and the machine use: processors and memory, as Linux says it in /proc.
//
// A [Meter] compares with what it saw the last time it was asked, so a measurement waits for nothing. It reads
// one small file for each process of the machine and one more for those that are meant: some milliseconds.
package usage

import (
	"fmt"
	"path/filepath"
	"sync"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/proc"
)

// Use is what processes and the machine use.
type Use struct {
	// CPU is the processor time of the processes since the last measurement, in percent of one processor;
	// 0 the first time.
	CPU float64
	// Memory is that of the processes, in bytes. What several share counts once in all.
	Memory int64
	// HostCPU is how busy all processors were since the last measurement, in percent; 0 the first time.
	HostCPU float64
	Host    Memory
}

// Memory is that of the machine, in bytes; Percent says how much of it is used. The names are psutil's, which
// front ends know.
type Memory struct {
	Total     int64   `json:"total"`
	Available int64   `json:"available"`
	Percent   float64 `json:"percent"`
	Used      int64   `json:"used"`
	Free      int64   `json:"free"`
	Active    int64   `json:"active"`
	Inactive  int64   `json:"inactive"`
	Buffers   int64   `json:"buffers"`
	Cached    int64   `json:"cached"`
	Shared    int64   `json:"shared"`
	Slab      int64   `json:"slab"`
}

// A Meter measures a process and all that it started. Its methods may be called from any goroutine.
type Meter struct {
	root string
	pid  int

	mu   sync.Mutex
	last sample
}

// A sample is what was counted at a time.
type sample struct {
	at        time.Time
	processes map[proc.Identity]time.Duration // processor time of each
	host      hostTime
}

// New returns a meter for a process and its descendants.
func New(pid int) *Meter { return &Meter{root: "/proc", pid: pid} }

// Measure looks now. An error means that this system has no such /proc, or the process is gone.
func (m *Meter) Measure() (Use, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	all, err := readProcesses(m.root)
	if err != nil {
		return Use{}, err
	}
	family := descendants(all, m.pid)
	if len(family) == 0 {
		return Use{}, fmt.Errorf("there is no process %d", m.pid)
	}
	now := sample{at: time.Now(), processes: map[proc.Identity]time.Duration{}}
	var u Use
	for _, p := range family {
		now.processes[p.Identity] = p.CPU
		u.Memory += memoryOf(filepath.Join(m.root, fmt.Sprint(p.PID)))
	}
	if now.host, err = readHostTime(filepath.Join(m.root, "stat")); err != nil {
		return Use{}, err
	}
	if u.Host, err = readMemory(filepath.Join(m.root, "meminfo")); err != nil {
		return Use{}, err
	}
	u.CPU, u.HostCPU = now.since(m.last)
	m.last = now
	return u, nil
}

// since compares two samples. A process that was not there before is not counted: when its time was taken
// is not known.
func (s sample) since(before sample) (cpu, host float64) {
	if before.at.IsZero() {
		return 0, 0
	}
	var used time.Duration
	for id, t := range s.processes {
		if earlier, known := before.processes[id]; known {
			used += t - earlier
		}
	}
	if wall := s.at.Sub(before.at); wall > 0 {
		cpu = percent(float64(used), float64(wall))
	}
	return cpu, percent(float64(s.host.busy-before.host.busy), float64(s.host.total-before.host.total))
}

// percent has one digit after the point.
func percent(part, of float64) float64 {
	if of <= 0 || part <= 0 {
		return 0
	}
	return float64(int64(part/of*1000+0.5)) / 10
}

// memoryOf is 0 for a process that has ended meanwhile. Not every kernel tells what is shared; then
// pages that several processes have count for each.
func memoryOf(dir string) int64 {
	if shared, err := readSizes(filepath.Join(dir, "smaps_rollup")); err == nil && shared["Pss"] > 0 {
		return shared["Pss"]
	}
	own, err := readSizes(filepath.Join(dir, "status"))
	if err != nil {
		return 0
	}
	return own["VmRSS"]
}

// readMemory computes what /proc/meminfo does not say as the program free does.
func readMemory(path string) (Memory, error) {
	of, err := readSizes(path)
	if err != nil {
		return Memory{}, err
	}
	m := Memory{
		Total: of["MemTotal"], Available: of["MemAvailable"], Free: of["MemFree"], Active: of["Active"], Inactive: of["Inactive"],
		Buffers: of["Buffers"], Cached: of["Cached"] + of["SReclaimable"], Shared: of["Shmem"], Slab: of["Slab"],
	}
	m.Used = m.Total - m.Available
	m.Percent = percent(float64(m.Used), float64(m.Total))
	return m, nil
}
