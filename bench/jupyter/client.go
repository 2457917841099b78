package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"sync"
	"time"

	"github.com/gopy-kernel/gopy-kernel/bench/zmtp"
)

// A Channel is one of a kernel's sockets.
type Channel string

// The channels from which messages come.
const (
	Shell   Channel = "shell"
	Control Channel = "control"
	IOPub   Channel = "iopub"
)

// A Client is connected to one kernel.
type Client struct {
	process *Process
	signer  signer
	shell   *zmtp.Conn
	control *zmtp.Conn
	iopub   *zmtp.Conn
	hb      *zmtp.Conn

	messages chan Message
	broken   chan error
	closed   chan struct{}
	readers  sync.WaitGroup
}

// queue is how many messages may wait for the client before a kernel feels it. It hides pauses of
// the client's collector and no more.
const queue = 1024

// Connect connects to a kernel that is starting, as soon as its ports are open. The client is
// usable at once, but what the kernel publishes is only seen for certain after Ready.
func Connect(ctx context.Context, p *Process) (*Client, error) {
	c := &Client{
		process: p, signer: newSigner(p.Connection.Key),
		messages: make(chan Message, queue), broken: make(chan error, 3), closed: make(chan struct{}),
	}
	if err := c.dialAll(ctx); err != nil {
		c.Close()
		return nil, fmt.Errorf("connect to kernel %s: %w", p.Spec.Name, err)
	}
	c.read(Shell, c.shell)
	c.read(Control, c.control)
	c.read(IOPub, c.iopub)
	return c, nil
}

func (c *Client) dialAll(ctx context.Context) error {
	at := c.process.Connection
	sockets := []struct {
		to   **zmtp.Conn
		port int
		kind zmtp.Type
	}{
		{&c.shell, at.ShellPort, zmtp.Dealer},
		{&c.iopub, at.IOPubPort, zmtp.Sub},
		{&c.control, at.ControlPort, zmtp.Dealer},
		{&c.hb, at.HBPort, zmtp.Req},
	}
	for _, s := range sockets {
		identity := ""
		if s.kind == zmtp.Dealer {
			identity = c.signer.session
		}
		conn, err := c.dial(ctx, s.port, s.kind, identity)
		if err != nil {
			return err
		}
		*s.to = conn
	}
	return c.iopub.Subscribe("")
}

// dial tries until the kernel listens. Nothing tells when that is, so it asks every millisecond.
func (c *Client) dial(ctx context.Context, port int, kind zmtp.Type, identity string) (*zmtp.Conn, error) {
	address := net.JoinHostPort(c.process.Connection.IP, strconv.Itoa(port))
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		conn, err := zmtp.Dial(ctx, "tcp", address, kind, identity)
		if err == nil {
			return conn, nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-c.process.Exited():
			return nil, fmt.Errorf("the process ended: %s", c.process.Output())
		}
	}
}

// read takes the messages of one socket. It ends when the socket is closed.
func (c *Client) read(channel Channel, conn *zmtp.Conn) {
	c.readers.Go(func() {
		for {
			frames, err := conn.Recv()
			if err != nil {
				c.broken <- fmt.Errorf("%s: %w", channel, err)
				return
			}
			m, err := parse(channel, frames, time.Now())
			if err != nil {
				c.broken <- err
				return
			}
			select {
			case c.messages <- m:
			case <-c.closed:
				return
			}
		}
	})
}

// Close closes the sockets and waits for the goroutines that read them.
func (c *Client) Close() {
	close(c.closed)
	for _, conn := range []*zmtp.Conn{c.shell, c.control, c.iopub, c.hb} {
		if conn != nil {
			conn.Close()
		}
	}
	c.readers.Wait()
}

// Next waits for the next message from any socket.
func (c *Client) Next(ctx context.Context) (Message, error) {
	select {
	case m := <-c.messages:
		return m, nil
	case err := <-c.broken:
		return Message{}, err
	case <-c.process.Exited():
		return Message{}, fmt.Errorf("kernel %s ended: %s", c.process.Spec.Name, c.process.Output())
	case <-ctx.Done():
		return Message{}, ctx.Err()
	}
}

// Prepare makes a request of any type.
func (c *Client) Prepare(kind string, content any) (Request, error) {
	return c.signer.request(kind, content)
}

// PrepareCell makes an execute_request.
func (c *Client) PrepareCell(code string) (Request, error) {
	return c.Prepare("execute_request", map[string]any{
		"code": code, "silent": false, "store_history": true, "user_expressions": map[string]any{},
		"allow_stdin": false, "stop_on_error": true,
	})
}

// An Exchange is one request with all that came of it.
type Exchange struct {
	Sent    time.Time
	Replied time.Time
	Idle    time.Time
	Reply   json.RawMessage
}

// RoundTrip is the time until both the reply and the idle status had come: a front end needs both
// before it may go on.
func (e Exchange) RoundTrip() time.Duration {
	if e.Idle.After(e.Replied) {
		return e.Idle.Sub(e.Sent)
	}
	return e.Replied.Sub(e.Sent)
}

// Run sends a request on shell and waits for both its reply and its idle status. Every message
// that belongs to it is handed to each, which may be nil.
func (c *Client) Run(ctx context.Context, r Request, each func(Message)) (Exchange, error) {
	sent, err := c.Send(r)
	if err != nil {
		return Exchange{}, err
	}
	return c.Await(ctx, r, sent, each)
}

// Send sends a request on shell and gives the time just before.
func (c *Client) Send(r Request) (time.Time, error) {
	now := time.Now()
	return now, c.shell.Write(r.bytes)
}

// Await waits for the reply and the idle status of a request that was sent.
func (c *Client) Await(ctx context.Context, r Request, sent time.Time, each func(Message)) (Exchange, error) {
	e := Exchange{Sent: sent}
	for e.Replied.IsZero() || e.Idle.IsZero() {
		m, err := c.Next(ctx)
		if err != nil {
			return e, err
		}
		if own := e.note(m, r); own && each != nil {
			each(m)
		}
	}
	return e, nil
}

// note takes a message that belongs to r, and reports whether it does.
func (e *Exchange) note(m Message, r Request) bool {
	switch {
	case m.Parent != r.ID:
		return false
	case m.Channel == Shell:
		e.Replied, e.Reply = m.At, m.Content
	case m.IsIdle():
		e.Idle = m.At
	}
	return true
}

// IsIdle reports whether a message says that its request is done.
func (m Message) IsIdle() bool {
	if m.Type != "status" {
		return false
	}
	var status struct {
		State string `json:"execution_state"`
	}
	return json.Unmarshal(m.Content, &status) == nil && status.State == "idle"
}

// Ready asks for kernel_info until the idle status of such a request is seen, and so the
// subscription works. It gives the first reply with its time.
func (c *Client) Ready(ctx context.Context) (Info, time.Time, error) {
	var info Info
	var replied time.Time
	for {
		request, err := c.Prepare("kernel_info_request", struct{}{})
		if err != nil {
			return info, replied, err
		}
		e, err := c.ask(ctx, request)
		if replied.IsZero() && !e.Replied.IsZero() {
			replied = e.Replied
			if err := json.Unmarshal(e.Reply, &info); err != nil {
				return info, replied, fmt.Errorf("decode kernel_info_reply: %w", err)
			}
		}
		if err == nil || !errors.Is(err, context.DeadlineExceeded) || ctx.Err() != nil {
			return info, replied, err
		}
	}
}

// ask runs a request, but does not wait for the idle status for long: it may have been published
// before the kernel read the subscription. A slow start still gets its time, for without a reply
// it waits on.
func (c *Client) ask(ctx context.Context, r Request) (Exchange, error) {
	sent, err := c.Send(r)
	if err != nil {
		return Exchange{}, err
	}
	e := Exchange{Sent: sent}
	for e.Replied.IsZero() {
		m, err := c.Next(ctx)
		if err != nil {
			return e, err
		}
		e.note(m, r)
	}
	soon, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for e.Idle.IsZero() {
		m, err := c.Next(soon)
		if err != nil {
			return e, err
		}
		e.note(m, r)
	}
	return e, nil
}

// An Info is what a kernel says about itself.
type Info struct {
	Protocol       string `json:"protocol_version"`
	Implementation string `json:"implementation"`
	Version        string `json:"implementation_version"`
	Language       struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	} `json:"language_info"`
}

// Beat sends bytes to the heartbeat socket and gives the time until they came back.
func (c *Client) Beat(ctx context.Context) (time.Duration, error) {
	if deadline, ok := ctx.Deadline(); ok {
		c.hb.SetDeadline(deadline)
	}
	sent := time.Now()
	if err := c.hb.Send([]byte("beat")); err != nil {
		return 0, err
	}
	_, err := c.hb.Recv()
	return time.Since(sent), err
}

// Interrupt asks the kernel to stop its cell, the way its kernelspec wants.
func (c *Client) Interrupt() error {
	if c.process.Spec.InterruptMode != "message" {
		return c.process.Interrupt()
	}
	return c.sendControl("interrupt_request", struct{}{})
}

// Shutdown asks the kernel to end.
func (c *Client) Shutdown() error {
	return c.sendControl("shutdown_request", map[string]bool{"restart": false})
}

func (c *Client) sendControl(kind string, content any) error {
	r, err := c.Prepare(kind, content)
	if err != nil {
		return err
	}
	return c.control.Write(r.bytes)
}
