package messaging

import (
	"bytes"
	"context"
	"log/slog"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func config(transport Transport) ServerConfig {
	return ServerConfig{
		Connection: Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: SchemeHMACSHA256, Key: "secret"},
		Transport:  transport,
	}
}

// serve runs a server and returns the messages it hands out.
func serve(t *testing.T, c ServerConfig) (*Server, <-chan *Message) {
	s, err := Listen(c)
	require.NoError(t, err)
	got := make(chan *Message, 100)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.Serve(ctx, func(m *Message) { got <- m })
	}()
	t.Cleanup(func() {
		stop()
		<-ended
		assert.NoError(t, s.Close())
	})
	return s, got
}

func dial(t *testing.T, s *Server, transport Transport, ch Channel) Socket {
	front, err := transport.Dial(within(t), ch, s.Connection().Address(ch), "ann")
	require.NoError(t, err)
	t.Cleanup(func() { front.Close(within(t)) })
	return front
}

func TestServerHandsOutWhatIsSigned(t *testing.T) {
	var log syncBuffer
	transport := NewMemory()
	c := config(transport)
	c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, got := serve(t, c)
	front := NewSession("secret", "ann")
	for _, ch := range []Channel{Shell, Control, Stdin} {
		socket := dial(t, s, transport, ch)
		request, err := front.Message(TypeExecuteRequest, nil, map[string]string{"code": "private"})
		require.NoError(t, err)
		good := front.Frames(request)
		forged := append([][]byte{}, good...)
		forged[1] = bytes.Repeat([]byte("0"), 64)
		for _, bad := range [][][]byte{forged, good[:4], frames("nonsense"), {}} {
			require.NoError(t, socket.Send(within(t), bad))
		}
		require.NoError(t, socket.Send(within(t), good))
		require.NoError(t, socket.Send(within(t), good)) // replayed

		m := <-got
		assert.Equal(t, ch, m.Channel)
		assert.Equal(t, request.Header, m.Header)
		assert.Equal(t, frames("ann"), m.Identities)

		reply, err := s.Answer(m, TypeExecuteReply, ExecuteReply{Status: StatusOK})
		require.NoError(t, err)
		require.NoError(t, s.Send(within(t), reply))
		back, err := front.Parse(ch, recv(t, socket))
		require.NoError(t, err)
		assert.Equal(t, request.Header.ID, back.ParentID())

		next, err := front.Message(TypeExecuteRequest, nil, map[string]string{"code": "private"})
		require.NoError(t, err)
		require.NoError(t, socket.Send(within(t), front.Frames(next)))
		assert.Equal(t, next.Header.ID, (<-got).Header.ID, "the replay was dropped")
	}
	assert.Equal(t, 15, bytes.Count(log.Bytes(), []byte("message dropped")))
	assert.NotContains(t, log.String(), "private")
	assert.NotContains(t, log.String(), "secret")
}

func TestHeartbeatIsEchoed(t *testing.T) {
	transport := NewMemory()
	s, _ := serve(t, config(transport))
	front := dial(t, s, transport, Heartbeat)
	for _, beat := range [][][]byte{frames("", "ping"), frames("anything", "\xff\x00"), frames("")} {
		require.NoError(t, front.Send(within(t), beat))
		assert.Equal(t, beat, recv(t, front))
	}
}

func TestServerKnowsItsPorts(t *testing.T) {
	s, _ := serve(t, config(nil))
	c := s.Connection()
	ports := map[Port]bool{c.ShellPort: true, c.ControlPort: true, c.StdinPort: true, c.IOPubPort: true, c.HeartbeatPort: true}
	assert.Len(t, ports, 5)
	assert.NotContains(t, ports, Port(0))
	for _, ch := range channels {
		dial(t, s, ZMQ(nil), ch)
	}
}

func TestListenTakesAllOrNothing(t *testing.T) {
	s, _ := serve(t, config(nil))
	c := config(nil)
	c.Connection.HeartbeatPort = s.Connection().HeartbeatPort
	_, err := Listen(c)
	require.ErrorContains(t, err, "opening the hb socket")
	require.ErrorContains(t, err, s.Connection().Address(Heartbeat))

	c = config(nil)
	c.Connection.SignatureScheme = "hmac-md5"
	_, err = Listen(c)
	require.ErrorContains(t, err, "hmac-md5")
}

func TestServerOverIPC(t *testing.T) {
	c := config(nil)
	c.Connection = Connection{Transport: "ipc", IP: filepath.Join(t.TempDir(), "kernel-ipc"), SignatureScheme: SchemeHMACSHA256,
		ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 5}
	s, _ := serve(t, c)
	front := dial(t, s, ZMQ(nil), Heartbeat)
	require.NoError(t, front.Send(within(t), frames("", "ping")))
	assert.Equal(t, frames("", "ping"), recv(t, front))
}

// TestCloseEndsEverything compares the goroutines before and after.
func TestCloseEndsEverything(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, transport := range []Transport{NewMemory(), ZMQ(nil)} {
		s, err := Listen(config(transport))
		require.NoError(t, err)
		ctx, stop := context.WithCancel(context.Background())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			s.Serve(ctx, func(*Message) {})
		}()
		fronts := make([]Socket, 0, len(channels))
		for _, ch := range channels {
			front, err := transport.Dial(within(t), ch, s.Connection().Address(ch), "ann")
			require.NoError(t, err)
			fronts = append(fronts, front)
		}
		stop()
		<-ended
		require.NoError(t, s.Close())
		require.NoError(t, s.Close(), "again")
		for _, front := range fronts {
			require.NoError(t, front.Close(within(t)))
		}
	}
	for ctx := within(t); runtime.NumGoroutine() > before; runtime.Gosched() {
		require.NoError(t, ctx.Err(), "goroutines are left")
	}
}

// A syncBuffer is a bytes.Buffer for several goroutines.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) Bytes() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return bytes.Clone(s.b.Bytes())
}

func (s *syncBuffer) String() string { return string(s.Bytes()) }
