package jupyter

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// A Connection is what a connection file says.
type Connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	ShellPort       int    `json:"shell_port"`
	ControlPort     int    `json:"control_port"`
	StdinPort       int    `json:"stdin_port"`
	IOPubPort       int    `json:"iopub_port"`
	HBPort          int    `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"`
	Key             string `json:"key"`
	KernelName      string `json:"kernel_name"`
}

// newConnection picks five free ports. They lie below the range from which the system takes ports
// for outgoing connections, so that none of ours takes one before the kernel does.
func newConnection(name string) (Connection, error) {
	const lowest, highest, ports = 20000, 32000, 5
	c := Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256", Key: rand.Text(), KernelName: name}
	places := []*int{&c.ShellPort, &c.ControlPort, &c.StdinPort, &c.IOPubPort, &c.HBPort}
	next := lowest + mathrand.IntN(highest-lowest)
	for port := next; len(places) > 0; port++ {
		if port > next+1000 {
			return Connection{}, fmt.Errorf("find %d free ports from %d on", ports, next)
		}
		l, err := net.Listen("tcp", net.JoinHostPort(c.IP, strconv.Itoa(port)))
		if err != nil {
			continue
		}
		l.Close()
		*places[0], places = port, places[1:]
	}
	return c, nil
}

// A Process is a kernel that was started.
type Process struct {
	Spec       Spec
	Connection Connection
	Began      time.Time // when the process was asked for

	cmd    *exec.Cmd
	dir    string
	output tail
	exited chan struct{}
}

// Start starts a kernel as Jupyter does: with a connection file, in a session of its own. Programs
// of the virtual environment, if venv is not empty, come first on its PATH. The caller ends it
// with Stop.
func Start(spec Spec, venv string) (*Process, error) {
	dir, err := os.MkdirTemp("", "kernel-bench-")
	if err != nil {
		return nil, fmt.Errorf("make a folder for the connection file: %w", err)
	}
	p := &Process{Spec: spec, dir: dir, exited: make(chan struct{})}
	if err := p.start(venv); err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("start kernel %s: %w", spec.Name, err)
	}
	return p, nil
}

func (p *Process) start(venv string) error {
	file, err := p.writeConnection()
	if err != nil {
		return err
	}
	argv := p.Spec.command(file)
	program, err := lookProgram(argv[0], venv)
	if err != nil {
		return err
	}
	p.cmd = exec.Command(program, argv[1:]...)
	p.cmd.Env = environment(p.Spec, venv)
	p.cmd.Stdout, p.cmd.Stderr = &p.output, &p.output
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	p.cmd.WaitDelay = time.Second // children may hold the pipes open
	p.Began = time.Now()
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go func() { // ends with the process
		p.cmd.Wait()
		close(p.exited)
	}()
	return nil
}

func (p *Process) writeConnection() (string, error) {
	c, err := newConnection(p.Spec.Name)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(c)
	if err != nil {
		return "", err
	}
	p.Connection = c
	file := filepath.Join(p.dir, "connection.json")
	return file, os.WriteFile(file, text, 0o600)
}

// lookProgram finds the first word of argv. Jupyter replaces "python" by the Python that it runs
// on; that is the one of the virtual environment here.
func lookProgram(name, venv string) (string, error) {
	if venv != "" && filepath.Base(name) == name {
		program := filepath.Join(venv, "bin", name)
		if _, err := os.Stat(program); err == nil {
			return program, nil
		}
	}
	return exec.LookPath(name)
}

func environment(spec Spec, venv string) []string {
	// What is measured is no part of the user's history.
	env := append(os.Environ(), "JPY_PARENT_PID="+strconv.Itoa(os.Getpid()), "GOPY_HISTORY=off")
	if venv != "" {
		env = append(env, "VIRTUAL_ENV="+venv,
			"PATH="+filepath.Join(venv, "bin")+string(os.PathListSeparator)+os.Getenv("PATH"))
	}
	for name, value := range spec.Env {
		env = append(env, name+"="+os.ExpandEnv(value))
	}
	return env
}

// PID is that of the kernel's first process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Exited is closed when the kernel's first process has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// Output gives the end of what the kernel wrote to its standard output and error.
func (p *Process) Output() string { return p.output.String() }

// Interrupt sends SIGINT to the process group, as Jupyter does for interrupt_mode "signal".
func (p *Process) Interrupt() error {
	if err := syscall.Kill(-p.PID(), syscall.SIGINT); err != nil {
		return fmt.Errorf("interrupt kernel %s: %w", p.Spec.Name, err)
	}
	return nil
}

// Stop kills the kernel with all its descendants and removes the connection file. A kernel that
// was asked to shut down is given the time to do so.
func (p *Process) Stop(grace time.Duration) {
	family := descendants(p.PID())
	select {
	case <-p.exited:
	case <-time.After(grace):
	}
	syscall.Kill(-p.PID(), syscall.SIGKILL) // the group may outlive its first process
	for _, member := range family {
		if member.stillRuns() {
			syscall.Kill(member.pid, syscall.SIGKILL)
		}
	}
	<-p.exited
	os.RemoveAll(p.dir)
}

// A tail keeps the end of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const tailSize = 8 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, b...)
	if extra := len(t.buf) - tailSize; extra > 0 {
		t.buf = append(t.buf[:0], t.buf[extra:]...)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(bytes.TrimSpace(t.buf))
}
