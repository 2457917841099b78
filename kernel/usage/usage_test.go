package usage

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A machine is a folder that looks like /proc.
type machine struct {
	t   *testing.T
	dir string
}

func (m machine) write(path, text string) {
	m.t.Helper()
	path = filepath.Join(m.dir, path)
	require.NoError(m.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(m.t, os.WriteFile(path, []byte(text), 0o644))
}

// process writes a process with its parent, its processor time in ticks, when it began, and its memory in kB.
func (m machine) process(pid, parent, user, system, begun, memory int) {
	m.write(fmt.Sprintf("%d/stat", pid), fmt.Sprintf("%d (a ) (b) S %d 1 1 0 -1 0 0 0 0 0 %d %d 9 9 20 0 1 0 %d 0 0\n", pid, parent, user, system, begun))
	m.write(fmt.Sprintf("%d/smaps_rollup", pid), fmt.Sprintf("00400000-7ffd [rollup]\nRss: 999999 kB\nPss: %d kB\n", memory))
}

func (m machine) host(busy, idle int) {
	m.write("stat", fmt.Sprintf("cpu  %d 0 0 %d 0 0 0 0 7 7\ncpu0 1 1 1 1 1 1 1 1 1 1\n", busy, idle))
}

func newMachine(t *testing.T) machine {
	m := machine{t, t.TempDir()}
	m.host(100, 900)
	m.write("meminfo", "MemTotal: 1000 kB\nMemFree: 100 kB\nMemAvailable: 400 kB\nBuffers: 20 kB\nCached: 50 kB\nActive: 7 kB\n"+
		"Inactive: 8 kB\nShmem: 9 kB\nSlab: 11 kB\nSReclaimable: 3 kB\nHugePages_Total: 5\n")
	m.write("self/stat", "not a process")
	m.process(10, 1, 5, 5, 1000, 100) // the front
	m.process(11, 10, 0, 0, 1001, 200)
	m.process(12, 11, 0, 0, 1002, 400)
	m.process(13, 1, 50, 50, 1003, 800) // of somebody else
	return m
}

// elapsed lets an hour pass on the meter's clock, beside which the time that the test takes is nothing.
func (m *Meter) elapsed() { m.last.at = m.last.at.Add(-time.Hour) }

// hour is one of processor time.
const hour = 360_000

func TestMeasure(t *testing.T) {
	at := newMachine(t)
	m := &Meter{root: at.dir, pid: 10}
	first, err := m.Measure()
	require.NoError(t, err)
	assert.Equal(t, Use{Memory: 700 << 10, Host: Memory{
		Total: 1000 << 10, Available: 400 << 10, Percent: 60, Used: 600 << 10, Free: 100 << 10, Active: 7 << 10, Inactive: 8 << 10,
		Buffers: 20 << 10, Cached: 53 << 10, Shared: 9 << 10, Slab: 11 << 10,
	}}, first)

	m.elapsed()
	at.host(100+25, 900+75)
	at.process(10, 1, 5+hour/10, 5+hour/10, 1000, 100)
	at.process(11, 10, hour/2, hour/2, 1001, 100)
	at.process(12, 11, hour, hour, 2000, 1) // another one with the same id
	second, err := m.Measure()
	require.NoError(t, err)
	assert.InDelta(t, 120, second.CPU, 10, "in percent of one processor")
	assert.InDelta(t, 25, second.HostCPU, 0)
	assert.Equal(t, int64(201<<10), second.Memory)

	m.elapsed()
	at.process(12, 11, hour, 2*hour, 2000, 1)
	third, err := m.Measure()
	require.NoError(t, err)
	assert.InDelta(t, 100, third.CPU, 10)
	assert.Zero(t, third.HostCPU)
}

func TestMeasureWithoutSharedMemory(t *testing.T) {
	at := newMachine(t)
	for _, pid := range []string{"10", "11", "12"} {
		require.NoError(t, os.Remove(filepath.Join(at.dir, pid, "smaps_rollup")))
	}
	at.write("10/status", "Name:\ta\nVmRSS:\t  30 kB\n")
	u, err := (&Meter{root: at.dir, pid: 10}).Measure()
	require.NoError(t, err)
	assert.Equal(t, int64(30<<10), u.Memory, "those of which nothing is known count nothing")
}

func TestWhatIsNotProc(t *testing.T) {
	at := newMachine(t)
	_, err := (&Meter{root: at.dir, pid: 99}).Measure()
	require.ErrorContains(t, err, "no process 99")
	_, err = (&Meter{root: filepath.Join(at.dir, "none"), pid: 10}).Measure()
	require.ErrorIs(t, err, os.ErrNotExist)
	for name, damage := range map[string]func(){
		"10/stat":     func() { at.write("10/stat", "10 (cut short) S 1\n") },
		"field 14":    func() { at.write("10/stat", "10 (a) S 1 1 1 0 -1 0 0 0 0 0 x 0 0 0 20 0 1 0 7 0\n") },
		"begin with":  func() { at.write("stat", "btime 1\n") },
		"no such fil": func() { require.NoError(t, os.Remove(filepath.Join(at.dir, "meminfo"))) },
	} {
		at = newMachine(t)
		damage()
		_, err := (&Meter{root: at.dir, pid: 10}).Measure()
		require.ErrorContains(t, err, name)
	}
}

func TestMeasureThisProcess(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("there is no /proc here")
	}
	m := New(os.Getpid())
	alone, err := m.Measure()
	require.NoError(t, err)
	assert.Greater(t, alone.Memory, int64(1<<20))
	assert.Greater(t, alone.Host.Total, alone.Memory)

	child := exec.Command("sleep", "1000")
	require.NoError(t, child.Start())
	defer func() {
		require.NoError(t, child.Process.Kill())
		_ = child.Wait() // it was killed
	}()
	for begun := time.Now(); time.Since(begun) < 100*time.Millisecond; {
	}
	together, err := m.Measure()
	require.NoError(t, err)
	assert.Positive(t, together.CPU)
	ids := []int{}
	for id := range m.last.processes {
		ids = append(ids, id.PID)
	}
	assert.ElementsMatch(t, []int{os.Getpid(), child.Process.Pid}, ids)
}

func BenchmarkMeasure(b *testing.B) {
	m := New(os.Getpid())
	for b.Loop() {
		if _, err := m.Measure(); err != nil {
			b.Skip(err)
		}
	}
}

func ExampleMeter() {
	meter := New(os.Getpid())
	use, err := meter.Measure()
	if err != nil {
		return // not on Linux
	}
	fmt.Println(use.Memory > 0, use.CPU)
	// Output: true 0
}
