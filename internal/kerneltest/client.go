package kerneltest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// Patience bounds every wait. It is long: a test that is right never waits for it.
const Patience = 30 * time.Second

var read = [...]messaging.Channel{messaging.Shell, messaging.Control, messaging.Stdin, messaging.IOPub}

// A Client is a front end.
type Client struct {
	t         testing.TB
	session   *messaging.Session
	checker   checker
	sockets   map[messaging.Channel]messaging.Socket
	arrived   map[messaging.Channel]chan *messaging.Message // closed when the connection is
	others    chan *messaging.Message                       // what other front ends caused on IOPub
	running   sync.WaitGroup
	heartbeat messaging.Socket
}

// Dial connects to the kernel that listens at c, and returns when the kernel answers and its IOPub
// messages arrive. The test's cleanup disconnects, and fails the test if a message was not read.
func Dial(t testing.TB, transport messaging.Transport, c messaging.Connection) *Client {
	t.Helper()
	client := &Client{
		t:       t,
		session: messaging.NewSession(c.Key, "tester"),
		sockets: make(map[messaging.Channel]messaging.Socket),
		arrived: make(map[messaging.Channel]chan *messaging.Message),
		others:  make(chan *messaging.Message, unread),
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	dial := func(ch messaging.Channel, identity string) messaging.Socket {
		s, err := transport.Dial(ctx, ch, c.Address(ch), identity)
		require.NoError(t, err)
		return s
	}
	// Like all front ends it has one identity for shell and stdin; control's may be another.
	identity := client.session.ID()
	for _, ch := range read {
		name := identity
		if ch == messaging.Control {
			name = ""
		}
		client.open(ch, dial(ch, name))
	}
	client.heartbeat = dial(messaging.Heartbeat, "")
	t.Cleanup(client.close)
	client.waitUntilReady()
	return client
}

// unread is how many messages may wait for the test.
const unread = 1 << 16

func (c *Client) open(ch messaging.Channel, s messaging.Socket) {
	arrived := make(chan *messaging.Message, unread)
	c.sockets[ch], c.arrived[ch] = s, arrived
	c.running.Go(func() { // ended by close, or by the kernel's end
		defer close(arrived)
		for {
			frames, err := s.Recv(context.Background())
			if err != nil {
				return
			}
			m, err := c.session.Parse(ch, frames)
			if !assert.NoError(c.t, err, "message on %s", ch) {
				continue
			}
			if c.causedByOther(m) {
				select {
				case c.others <- m:
				default: // nobody has to read them
				}
				continue
			}
			arrived <- m
		}
	})
}

// causedByOther tells messages apart that this front end only sees because all do.
func (c *Client) causedByOther(m *messaging.Message) bool {
	var parent messaging.Header
	return m.Channel == messaging.IOPub && json.Unmarshal(m.Parent, &parent) == nil &&
		parent.Session != "" && parent.Session != c.session.ID()
}

// waitUntilReady asks until IOPub answers: a subscription takes a moment, and what is published
// before is lost.
func (c *Client) waitUntilReady() {
	c.t.Helper()
	deadline := time.After(Patience)
	for asked := 1; ; asked++ {
		last := c.Send(messaging.Shell, messaging.TypeKernelInfoRequest, struct{}{})
		if c.idleArrives(last, 100*time.Millisecond) {
			for range asked {
				c.Next(messaging.Shell)
			}
			return
		}
		select {
		case <-deadline:
			require.Fail(c.t, "the kernel does not answer")
		default:
		}
	}
}

func (c *Client) idleArrives(id string, within time.Duration) bool {
	timeout := time.After(within)
	for {
		select {
		case m := <-c.arrived[messaging.IOPub]:
			require.NotNil(c.t, m, "the kernel has closed IOPub")
			if m.ParentID() == id && Content[messaging.KernelStatus](c.t, m).State == messaging.Idle {
				return true
			}
		case <-timeout:
			return false
		}
	}
}

// Message makes a message of this front end without sending it.
func (c *Client) Message(t messaging.Type, content any) *messaging.Message {
	c.t.Helper()
	m, err := c.session.Message(t, nil, content)
	require.NoError(c.t, err)
	return m
}

// Frames returns m as it travels, signed.
func (c *Client) Frames(m *messaging.Message) [][]byte { return c.session.Frames(m) }

// Send sends a request and returns its id.
func (c *Client) Send(ch messaging.Channel, t messaging.Type, content any) string {
	c.t.Helper()
	m := c.Message(t, content)
	c.SendFrames(ch, c.Frames(m)...)
	return m.Header.ID
}

// SendFrames sends anything.
func (c *Client) SendFrames(ch messaging.Channel, frames ...[]byte) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	require.NoError(c.t, c.sockets[ch].Send(ctx, frames))
}

// Beat sends a heartbeat and wants it back.
func (c *Client) Beat() {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	ping := [][]byte{{}, []byte("ping")}
	require.NoError(c.t, c.heartbeat.Send(ctx, ping))
	got, err := c.heartbeat.Recv(ctx)
	require.NoError(c.t, err)
	assert.Equal(c.t, ping, got)
}

// Next returns the next message on a channel and holds it against Validate.
func (c *Client) Next(ch messaging.Channel) *messaging.Message {
	c.t.Helper()
	select {
	case m := <-c.arrived[ch]:
		require.NotNil(c.t, m, "the kernel has closed %s", ch)
		assert.NoError(c.t, c.checker.check(m))
		return m
	case <-time.After(Patience):
		require.Fail(c.t, "no message", "on %s", ch)
		panic("unreachable")
	}
}

// NextOfOthers returns the next IOPub message that another front end has caused. Those need not be
// read.
func (c *Client) NextOfOthers() *messaging.Message {
	c.t.Helper()
	select {
	case m := <-c.others:
		assert.NoError(c.t, c.checker.check(m))
		return m
	case <-time.After(Patience):
		require.Fail(c.t, "no message that another front end caused")
		panic("unreachable")
	}
}

// RecvEnd waits until the kernel has closed all connections.
func (c *Client) RecvEnd() {
	c.t.Helper()
	ended := make(chan struct{})
	go func() {
		c.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(Patience):
		require.Fail(c.t, "the kernel has not closed its sockets")
	}
}

// close wants everything to have been read: it asks something on shell, and what comes before the
// answer was left over.
func (c *Client) close() {
	if !c.t.Failed() && c.alive() {
		id := c.Send(messaging.Shell, messaging.TypeConnectRequest, struct{}{})
		c.RecvReply(messaging.Shell, messaging.TypeConnectReply, id)
		c.RecvBusy(id)
		c.RecvIdle(id)
	}
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	for _, s := range c.sockets {
		s.Close(ctx)
	}
	c.heartbeat.Close(ctx)
	c.running.Wait()
	if c.t.Failed() {
		return
	}
	for _, ch := range read {
		for m := range c.arrived[ch] {
			assert.Fail(c.t, "message left unread", "%s on %s: %s", m.Header.Type, ch, m.Content)
		}
	}
}

// alive tells whether the kernel can still be asked: IOPub is open, and nothing waits there.
func (c *Client) alive() bool {
	select {
	case m, ok := <-c.arrived[messaging.IOPub]:
		if ok {
			assert.Fail(c.t, "message left unread", "%s on iopub: %s", m.Header.Type, m.Content)
		}
		return false
	default:
		return true
	}
}
