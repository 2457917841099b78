package kernel_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// TestHostileMessages sends each message on each channel over real sockets. The kernel must answer
// as much as it can know, and nothing else, and live.
func TestHostileMessages(t *testing.T) {
	c := start(t, messaging.ZMQ(nil), &play{}).dial(t)
	signed := func(of messaging.Type, content string) [][]byte {
		m := c.Message(of, struct{}{})
		m.Content = []byte(content)
		return c.Frames(m)
	}
	replace := func(frames [][]byte, at int, with string) [][]byte {
		frames[at] = []byte(with)
		return frames
	}
	replayed := signed(messaging.TypeConnectRequest, `{}`)
	c.SendFrames(messaging.Shell, replayed...)
	first := c.RecvReply(messaging.Shell, messaging.TypeConnectReply, header(t, c, replayed).ID)
	c.RecvBusy(first.ParentID())
	c.RecvIdle(first.ParentID())

	const request = `{"code":"x","cursor_pos":1}`
	tests := []struct {
		name   string
		frames func() [][]byte
		status bool           // busy and idle come
		reply  messaging.Type // an error reply comes
	}{
		{name: "bad signature", frames: func() [][]byte {
			return replace(signed(messaging.TypeCompleteRequest, request), 1, strings.Repeat("0", 64))
		}},
		{name: "signature of another message", frames: func() [][]byte {
			return replace(signed(messaging.TypeCompleteRequest, request), 1, string(signed(messaging.TypeCompleteRequest, request)[1]))
		}},
		{name: "no signature", frames: func() [][]byte { return replace(signed(messaging.TypeCompleteRequest, request), 1, "") }},
		{name: "content changed", frames: func() [][]byte { return replace(signed(messaging.TypeCompleteRequest, request), 5, `{"code":"y"}`) }},
		{name: "replayed", frames: func() [][]byte { return replayed }},
		{name: "cut short", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, request)[:4] }},
		{name: "delimiter alone", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, request)[:1] }},
		{name: "no delimiter", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, request)[1:] }},
		{name: "empty frames", frames: func() [][]byte { return make([][]byte, 6) }},
		{name: "one empty frame", frames: func() [][]byte { return make([][]byte, 1) }},

		{name: "broken parent", frames: func() [][]byte { return broken(c, func(m *messaging.Message) { m.Parent = []byte("{") }) }, status: true, reply: messaging.TypeConnectReply},
		{name: "broken metadata", frames: func() [][]byte { return broken(c, func(m *messaging.Message) { m.Metadata = []byte("\xff") }) }, status: true, reply: messaging.TypeConnectReply},
		{name: "unknown type", frames: func() [][]byte { return signed("no_such_request", `{}`) }, status: true},
		{name: "type of a reply", frames: func() [][]byte { return signed(messaging.TypeExecuteReply, `{}`) }, status: true},
		{name: "broken JSON", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, `{"code":`) }, status: true, reply: messaging.TypeCompleteReply},
		{name: "content a list", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, `[]`) }, status: true, reply: messaging.TypeCompleteReply},
		{name: "content empty", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, ``) }, status: true, reply: messaging.TypeCompleteReply},
		{name: "field missing", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, `{"code":"x"}`) }, status: true, reply: messaging.TypeCompleteReply},
		{name: "field of another type", frames: func() [][]byte { return signed(messaging.TypeCompleteRequest, `{"code":1,"cursor_pos":"x"}`) }, status: true, reply: messaging.TypeCompleteReply},
		{name: "not UTF-8", frames: func() [][]byte { return signed(messaging.TypeInspectRequest, "{\"code\":\"\xff\",\"cursor_pos\":1}") }, status: true, reply: messaging.TypeInspectReply},
		{name: "too deep", frames: func() [][]byte {
			return signed(messaging.TypeIsCompleteRequest, `{"code":`+strings.Repeat("[", 20_000))
		}, status: true, reply: messaging.TypeIsCompleteReply},
		{name: "execute without code", frames: func() [][]byte { return signed(messaging.TypeExecuteRequest, `{}`) }, status: true, reply: messaging.TypeExecuteReply},
		{name: "execute of broken JSON", frames: func() [][]byte { return signed(messaging.TypeExecuteRequest, `{"code"`) }, status: true, reply: messaging.TypeExecuteReply},
		{name: "shutdown of a list", frames: func() [][]byte { return signed(messaging.TypeShutdownRequest, `{"restart":[]}`) }, status: true, reply: messaging.TypeShutdownReply},
		{name: "comm without id", frames: func() [][]byte { return signed(messaging.TypeCommOpen, `{}`) }, status: true},
	}
	for _, tt := range tests {
		for _, ch := range []messaging.Channel{messaging.Shell, messaging.Control, messaging.Stdin} {
			t.Run(tt.name+" on "+ch.String(), func(t *testing.T) {
				frames := tt.frames()
				c.SendFrames(ch, frames...)
				if tt.status {
					id := header(t, c, frames).ID
					c.RecvBusy(id)
					c.RecvIdle(id)
				}
				if tt.reply != "" {
					reply := c.RecvReply(ch, tt.reply, header(t, c, frames).ID)
					got := kerneltest.Content[messaging.ErrorReply](t, reply)
					assert.Equal(t, messaging.StatusError, got.Status)
					assert.NotEmpty(t, got.Value)
				}
				// What comes next on this channel is the answer to this: nothing else was sent.
				c.Ask(ch, messaging.TypeConnectRequest, struct{}{})
			})
		}
	}
	c.Run("the kernel lives", 1)
}

// broken makes a connect_request that is damaged and then signed.
func broken(c *kerneltest.Client, damage func(*messaging.Message)) [][]byte {
	m := c.Message(messaging.TypeConnectRequest, struct{}{})
	damage(m)
	return c.Frames(m)
}

func header(t *testing.T, c *kerneltest.Client, frames [][]byte) messaging.Header {
	m, err := messaging.NewSession("", "").Parse(messaging.Shell, frames)
	require.NoError(t, err)
	return m.Header
}

// TestIdentitiesComeBack sends requests that have passed through others on their way.
func TestIdentitiesComeBack(t *testing.T) {
	r := start(t, messaging.ZMQ(nil), &play{execute: func(ctx context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error {
		return nil
	}})
	connection := r.server.Connection()
	ctx, cancel := context.WithTimeout(context.Background(), kerneltest.Patience)
	defer cancel()
	session := messaging.NewSession(connection.Key, "ann")
	for _, prefix := range []string{"", "a", "a,,\x00\xff", strings.Repeat("x", 300)} {
		for _, ch := range []messaging.Channel{messaging.Shell, messaging.Control} {
			socket, err := r.transport.Dial(ctx, ch, connection.Address(ch), "")
			require.NoError(t, err)
			m, err := session.Message(messaging.TypeExecuteRequest, nil, map[string]string{"code": "x"})
			require.NoError(t, err)
			if prefix != "" {
				for _, identity := range strings.Split(prefix, ",") {
					m.Identities = append(m.Identities, []byte(identity))
				}
			}
			require.NoError(t, socket.Send(ctx, session.Frames(m)))
			frames, err := socket.Recv(ctx)
			require.NoError(t, err)
			reply, err := session.Parse(ch, frames)
			require.NoError(t, err)
			assert.Len(t, reply.Identities, len(m.Identities))
			for i := range m.Identities {
				assert.Equal(t, m.Identities[i], reply.Identities[i])
			}
			assert.Equal(t, m.Header.ID, reply.ParentID())
			require.NoError(t, socket.Close(ctx))
		}
	}
}
