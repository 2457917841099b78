package interpreter_test

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// page is an output that keeps what goes to the page.
type page struct {
	output
	sent   []comm.Packet
	closed bool // all of them
}

func (p *page) Comm(m comm.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, m)
}

func (p *page) CloseComms() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
}

func (p *page) packets() []comm.Packet {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]comm.Packet(nil), p.sent...)
}

// runOn runs a cell that does not fail, on a page.
func (s *session) runOn(p *page, source string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s.count++
	failed := s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: s.count, Request: "cell"}, p)
	require.Nil(s.t, failed, "%v", failed)
}

// deliver hands a message of the page to the session.
func (s *session) deliver(p comm.Packet) (*page, *interpreter.Error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out := &page{}
	return out, s.interpreter.Comm(ctx, p, "message", out)
}

func tells(id, data string) comm.Packet {
	return comm.Packet{Kind: comm.Tells, ID: id, Message: comm.Message{Data: json.RawMessage(data), Buffers: [][]byte{{1, 2}}}}
}

// TestComms opens a comm in a cell and plays the page.
func TestComms(t *testing.T) {
	s := newSession(t)
	out := &page{}
	s.runOn(out, `
import "github.com/gopy-kernel/gopy-kernel/comm"
clicks := 0
c, err := comm.Open("target", map[string]int{"x": 1})
fmt.Println(err)
c.OnMessage(func(m comm.Message) {
	var what string
	fmt.Println("handled", m.Decode(&what), what, m.Buffers)
	clicks++
	switch what {
	case "panic":
		panic("boom")
	case "loop":
		for {}
	}
	c.Send(map[string]int{"clicks": clicks}, []byte("bytes"))
})`)
	require.Len(t, out.packets(), 1)
	open := out.packets()[0]
	require.Equal(t, comm.Opens, open.Kind)
	require.Equal(t, "target", open.Target)
	require.JSONEq(t, `{"x":1}`, string(open.Data))

	answer, failed := s.deliver(tells(open.ID, `"click"`))
	require.Nil(t, failed)
	require.Equal(t, "handled <nil> click [[1 2]]\n", answer.String(), "what a handler prints belongs to the message")
	require.Len(t, answer.packets(), 1)
	require.JSONEq(t, `{"clicks":1}`, string(answer.packets()[0].Data))
	require.Equal(t, [][]byte{[]byte("bytes")}, answer.packets()[0].Buffers)

	_, failed = s.deliver(tells(open.ID, `"panic"`))
	require.NotNil(t, failed)
	require.Equal(t, "boom", failed.Value)
	require.Contains(t, strings.Join(failed.Traceback, "\n"), "In[1]")

	timer := time.AfterFunc(200*time.Millisecond, s.interpreter.Interrupt)
	defer timer.Stop()
	_, failed = s.deliver(tells(open.ID, `"loop"`))
	require.NotNil(t, failed)
	require.Equal(t, "interrupt", failed.Name)
	require.Equal(t, "[3]\n", s.must("clicks"))
}

// A goroutine of a cell goes on printing under its cell, whatever messages are handled meanwhile.
func TestCommDoesNotTakeTheOutputOfCells(t *testing.T) {
	s := newSession(t)
	out := &page{}
	s.runOn(out, `
import "github.com/gopy-kernel/gopy-kernel/comm"
more := make(chan string)
go func() { for text := range more { fmt.Println("goroutine", text) } }()
c, _ := comm.Open("target", nil)
c.OnMessage(func(m comm.Message) { fmt.Println("handler"); go func() { time.Sleep(50*time.Millisecond); more <- "later" }() })`)
	answer, failed := s.deliver(tells(out.packets()[0].ID, `{}`))
	require.Nil(t, failed)
	require.Equal(t, "handler\n", answer.String())
	require.Eventually(t, func() bool { return out.String() == "goroutine later\n" }, 20*time.Second, time.Millisecond)
}

func TestCommOpenedByPage(t *testing.T) {
	s := newSession(t)
	opens := comm.Packet{Kind: comm.Opens, ID: "7", Target: "mine", Message: comm.Message{Data: json.RawMessage(`"hello"`)}}
	answer, failed := s.deliver(opens)
	require.Nil(t, failed)
	require.Equal(t, comm.Closes, answer.packets()[0].Kind, "without a worker nobody knows a target")

	s.must(`1`)
	answer, failed = s.deliver(opens)
	require.Nil(t, failed)
	require.Equal(t, comm.Closes, answer.packets()[0].Kind)
	require.Contains(t, answer.String(), `"mine", which nothing here handles`)

	s.must(`comm.Handle("mine", func(c *comm.Comm, m comm.Message) { c.Send(m.Data) })`)
	answer, failed = s.deliver(opens)
	require.Nil(t, failed)
	require.Equal(t, "7", answer.packets()[0].ID)
	require.Equal(t, `"hello"`, string(answer.packets()[0].Data))
}

// When the worker has ended nobody answers any more, and the page is told.
func TestCommsEndWithTheWorker(t *testing.T) {
	s := newSession(t)
	out := &page{}
	s.runOn(out, `
import "github.com/gopy-kernel/gopy-kernel/comm"
import "syscall"
c, _ := comm.Open("target", nil)
c.OnMessage(func(comm.Message) { syscall.Kill(os.Getpid(), syscall.SIGKILL); select {} })`)
	id := out.packets()[0].ID
	answer, failed := s.deliver(tells(id, `{}`))
	require.NotNil(t, failed)
	require.Contains(t, failed.Value, "killed")
	require.True(t, answer.closed)
	_, failed = s.deliver(tells(id, `{}`))
	require.Nil(t, failed)
	require.Equal(t, "[2]\n", s.must("1+1"))
}

var modelID = regexp.MustCompile(`IPY_MODEL_(\w+)`)

// TestWidgets plays the page of Python's widgets, whose observers are Go functions.
func TestWidgets(t *testing.T) {
	s := newSession(t)
	needPython(t, s)
	if _, failed := s.run(`py.Import("ipywidgets");`); failed != nil {
		t.Skipf("there is no ipywidgets here: %s", failed.Value)
	}
	out := &page{}
	s.runOn(out, `
w := py.Import("ipywidgets")
seen := []int{}
slider := w.Method("IntSlider", py.Kw{"value": 7, "description": "n"})
slider.Method("observe", func(change *py.Object) {
	n := py.As[int](change.Index("new"))
	fmt.Println("now", n)
	seen = append(seen, n)
}, py.Kw{"names": "value"});`)
	var id string
	for _, p := range out.packets() {
		require.Equal(t, comm.Opens, p.Kind)
		require.Equal(t, "jupyter.widget", p.Target)
		require.JSONEq(t, `{"version":"2.1.0"}`, string(p.Metadata))
		if strings.Contains(string(p.Data), `"IntSliderModel"`) {
			id = p.ID
			require.True(t, modelID.Match(p.Data), "it refers to its layout")
		}
	}
	require.NotEmpty(t, id)
	answer, failed := s.deliver(tells(id, `{"method":"update","state":{"value":42},"buffer_paths":[]}`))
	require.Nil(t, failed, "%v", failed)
	require.Equal(t, "now 42\n", answer.String())
	require.Equal(t, "[[]int{42}]\n", s.must("seen"))
	require.Equal(t, "[42]\n", s.must(`slider.Attr("value")`))

	control := comm.Packet{Kind: comm.Opens, ID: "control", Target: "jupyter.widget.control", Message: comm.Message{Data: json.RawMessage(`{}`), Metadata: json.RawMessage(`{"version":"1.0.0"}`)}}
	_, failed = s.deliver(control)
	require.Nil(t, failed, "%v", failed)
	answer, failed = s.deliver(tells("control", `{"method":"request_states"}`))
	require.Nil(t, failed, "%v", failed)
	require.Len(t, answer.packets(), 1)
	require.Contains(t, string(answer.packets()[0].Data), "IntSliderModel")
}

// TestOutputWidget shows that a widget learns whose output it is to collect.
func TestOutputWidget(t *testing.T) {
	s := newSession(t)
	needPython(t, s)
	if _, failed := s.run(`py.Import("ipywidgets");`); failed != nil {
		t.Skipf("there is no ipywidgets here: %s", failed.Value)
	}
	out := &page{}
	s.runOn(out, "py.Exec(`\nimport ipywidgets\nbox = ipywidgets.Output()\nwith box: print('inside')\n`)")
	var ids []string
	for _, p := range out.packets() {
		var update struct {
			State struct {
				ID *string `json:"msg_id"`
			}
		}
		if p.Kind == comm.Tells && json.Unmarshal(p.Data, &update) == nil && update.State.ID != nil {
			ids = append(ids, *update.State.ID)
		}
	}
	require.Equal(t, []string{"cell", ""}, ids)
}
