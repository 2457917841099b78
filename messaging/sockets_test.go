package messaging

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/messaging/zmtp"
)

// patience bounds every wait in these tests; none takes nearly as long.
const patience = 20 * time.Second

func within(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	return ctx
}

// everyTransport runs test on all transports and kinds of address.
func everyTransport(t *testing.T, test func(t *testing.T, transport Transport, address string)) {
	t.Run("memory", func(t *testing.T) { test(t, NewMemory(), "tcp://127.0.0.1:0") })
	t.Run("tcp", func(t *testing.T) { test(t, ZMQ(nil), "tcp://127.0.0.1:0") })
	t.Run("encrypted", func(t *testing.T) { test(t, encrypted(t), "tcp://127.0.0.1:0") })
	t.Run("every interface", func(t *testing.T) { test(t, ZMQ(nil), "tcp://*:0") })
	t.Run("IPv6", func(t *testing.T) {
		l, err := net.Listen("tcp", "[::1]:0")
		if err != nil {
			t.Skipf("no IPv6 here: %v", err)
		}
		l.Close()
		test(t, ZMQ(nil), "tcp://[::1]:0")
	})
	t.Run("ipc", func(t *testing.T) { test(t, ZMQ(nil), "ipc://"+filepath.Join(t.TempDir(), "kernel-1")) })
}

// encrypted is a transport with keys of its own.
func encrypted(t testing.TB) Transport {
	public, secret, err := zmtp.GenerateKey()
	require.NoError(t, err)
	return ZMQ(zmtp.Curve(public, &secret))
}

func listenOn(t testing.TB, transport Transport, ch Channel, address string) Socket {
	s, err := open(transport, ch, address)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close(within(t))) })
	return s
}

func open(transport Transport, ch Channel, address string) (Socket, error) {
	if ch == IOPub {
		return transport.Publish(address, nil)
	}
	return transport.Listen(ch, address)
}

func dialTo(t testing.TB, transport Transport, ch Channel, s Socket, identity string) Socket {
	c, err := transport.Dial(within(t), ch, s.Address(), identity)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close(within(t)) })
	return c
}

func recv(t testing.TB, s Socket) [][]byte {
	t.Helper()
	got, err := s.Recv(within(t))
	require.NoError(t, err)
	return got
}

func TestRouterAnswersWhoAsked(t *testing.T) {
	everyTransport(t, func(t *testing.T, transport Transport, address string) {
		kernel := listenOn(t, transport, Shell, address)
		for _, identity := range []string{"", "ann", "b\x00b", strings.Repeat("x", 255), "\x00\x00\x00\x00\x01"} {
			front := dialTo(t, transport, Shell, kernel, identity)
			require.NoError(t, front.Send(within(t), frames("hop", "", "text")))
			got := recv(t, kernel)
			require.Len(t, got, 4)
			if identity == "" || identity[0] == 0 {
				assert.Equal(t, byte(0), got[0][0], "a name that no front end may choose")
				assert.NotEqual(t, identity, string(got[0]))
			} else {
				assert.Equal(t, identity, string(got[0]))
			}
			assert.Equal(t, frames("hop", "", "text"), got[1:])
			require.NoError(t, kernel.Send(within(t), got))
			assert.Equal(t, frames("hop", "", "text"), recv(t, front))
		}
	})
}

func TestRouterHasNoSuchPeer(t *testing.T) {
	everyTransport(t, func(t *testing.T, transport Transport, address string) {
		kernel := listenOn(t, transport, Stdin, address)
		require.ErrorIs(t, kernel.Send(within(t), frames("nobody", "text")), ErrNoPeer)
		require.ErrorIs(t, kernel.Send(within(t), nil), ErrNoPeer)
	})
}

func TestReturningFrontEndTakesItsPlace(t *testing.T) {
	everyTransport(t, func(t *testing.T, transport Transport, address string) {
		kernel := listenOn(t, transport, Shell, address)
		old := dialTo(t, transport, Shell, kernel, "ann")
		require.NoError(t, old.Send(within(t), frames("old")))
		recv(t, kernel)
		back := dialTo(t, transport, Shell, kernel, "ann")
		require.NoError(t, back.Send(within(t), frames("new")))
		recv(t, kernel)
		_, err := old.Recv(within(t))
		require.ErrorIs(t, err, ErrClosed)
		require.NoError(t, kernel.Send(within(t), frames("ann", "hello")))
		assert.Equal(t, frames("hello"), recv(t, back))
	})
}

// subscribed dials the publisher and waits until it gets what is published.
func subscribed(t testing.TB, transport Transport, kernel Socket) Socket {
	front := dialTo(t, transport, IOPub, kernel, "")
	for ctx := within(t); ; {
		require.NoError(t, kernel.Send(ctx, frames("probe")))
		short, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		_, err := front.Recv(short)
		cancel()
		if err == nil {
			return front
		}
		require.NoError(t, ctx.Err())
	}
}

func recvNoProbe(t testing.TB, s Socket) [][]byte {
	for {
		if got := recv(t, s); string(got[0]) != "probe" {
			return got
		}
	}
}

func TestPublisherSendsToAll(t *testing.T) {
	everyTransport(t, func(t *testing.T, transport Transport, address string) {
		kernel := listenOn(t, transport, IOPub, address)
		require.NoError(t, kernel.Send(within(t), frames("topic", "nobody hears")))
		fronts := []Socket{subscribed(t, transport, kernel), subscribed(t, transport, kernel)}
		big := bytes.Repeat([]byte("x"), 3<<20)
		require.NoError(t, kernel.Send(within(t), append(frames("topic", "", "small"), big)))
		for _, front := range fronts {
			got := recvNoProbe(t, front)
			assert.Equal(t, frames("topic", "", "small"), got[:3])
			assert.True(t, bytes.Equal(big, got[3]))
		}
	})
}

func TestTopics(t *testing.T) {
	p := newPeer(&memoryWire{})
	noWelcome := func([]byte) [][]byte { return nil }
	subscribe := func(frames [][]byte) error { return p.subscribe(frames, noWelcome) }
	assert.False(t, p.topics.match([]byte("a")))
	for _, m := range []string{"\x01a", "\x01a", "\x01bc", "\x00a", "", "\x02x", "\x00never"} {
		require.NoError(t, subscribe(frames(m)))
	}
	require.NoError(t, subscribe(frames("\x01", "two frames")))
	tests := []struct {
		topic string
		want  bool
	}{{"a", true}, {"ab", true}, {"b", false}, {"bcd", true}, {"x", false}, {"", false}}
	for _, tt := range tests {
		assert.Equal(t, tt.want, p.topics.match([]byte(tt.topic)), tt.topic)
	}
	require.NoError(t, subscribe(frames("\x00a")))
	assert.False(t, p.topics.match([]byte("a")), "as many unsubscriptions as subscriptions")
	var err error
	for i := 0; i <= maxTopics && err == nil; i++ {
		err = subscribe(frames(fmt.Sprintf("\x01%d", i)))
	}
	require.ErrorContains(t, err, "subscriptions")
}

// TestWelcome is what a front end counts on that waits for it: nothing that is published later is missed,
// and nothing comes before.
func TestWelcome(t *testing.T) {
	everyTransport(t, func(t *testing.T, transport Transport, address string) {
		kernel, err := transport.Publish(address, func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
		require.NoError(t, err)
		defer kernel.Close(within(t))
		stop := make(chan struct{})
		published := make(chan struct{})
		go func() {
			defer close(published)
			for {
				select {
				case <-stop:
					return
				default:
					_ = kernel.Send(context.Background(), frames("noise"))
				}
			}
		}()
		for range 20 {
			front := dialTo(t, transport, IOPub, kernel, "")
			require.Equal(t, frames("", "welcome"), recv(t, front))
			require.NoError(t, front.Close(within(t)))
		}
		close(stop)
		<-published
		front := dialTo(t, transport, IOPub, kernel, "")
		require.NoError(t, front.Send(within(t), frames("\x01status")))
		require.Equal(t, frames("", "welcome"), recv(t, front))
		require.Equal(t, frames("status", "welcome"), recv(t, front), "one for each subscription")
	})
}

// TestCloseDeliversWhatIsQueued is what a shutdown needs: the last reply and the last idle arrive.
func TestCloseDeliversWhatIsQueued(t *testing.T) {
	everyTransport(t, func(t *testing.T, transport Transport, address string) {
		const rounds, messages = 20, 200
		for round := range rounds {
			kernel, err := transport.Publish(address, nil)
			require.NoError(t, err)
			front := subscribed(t, transport, kernel)
			for i := range messages {
				require.NoError(t, kernel.Send(within(t), frames("topic", fmt.Sprint(i))))
			}
			closed := make(chan error, 1)
			go func() { closed <- kernel.Close(within(t)) }()
			for i := range messages {
				require.Equal(t, fmt.Sprint(i), string(recvNoProbe(t, front)[1]), "round %d", round)
			}
			require.NoError(t, <-closed)
			_, err = front.Recv(within(t))
			require.ErrorIs(t, err, ErrClosed)
		}
	})
}

// TestUnreadMessagesDoNotHarmTheReply closes while the peer still sends: TCP would throw away what
// is under way to the peer if the socket were just closed.
func TestUnreadMessagesDoNotHarmTheReply(t *testing.T) {
	for range 50 {
		kernel, err := ZMQ(nil).Listen(Shell, "tcp://127.0.0.1:0")
		require.NoError(t, err)
		front := dialTo(t, ZMQ(nil), Shell, kernel, "ann")
		for range 300 {
			require.NoError(t, front.Send(within(t), frames("request", strings.Repeat("x", 1000))))
		}
		recv(t, kernel)
		require.NoError(t, kernel.Send(within(t), frames("ann", "last reply")))
		require.NoError(t, kernel.Close(within(t)))
		assert.Equal(t, frames("last reply"), recv(t, front))
	}
}

func TestCloseGivesUpOnAPeerThatDoesNotRead(t *testing.T) {
	kernel, err := ZMQ(nil).Publish("tcp://127.0.0.1:0", nil)
	require.NoError(t, err)
	stuckSubscriber(t, kernel)
	for range 100 { // more than TCP takes by itself
		require.NoError(t, kernel.Send(within(t), append(frames("topic"), make([]byte, 100<<10))))
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, kernel.Close(ctx), errNotTaken)
}

// stuckSubscriber connects, subscribes and never reads again.
func stuckSubscriber(t *testing.T, kernel Socket) {
	before := len(kernel.(publisher).all())
	network, at, err := splitAddress(kernel.Address())
	require.NoError(t, err)
	conn, err := net.Dial(network, at)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	handshake(t, conn, "SUB")
	_, err = conn.Write([]byte{0, 1, 1})
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		for _, p := range kernel.(publisher).all() {
			if p.topics.match([]byte("topic")) && len(kernel.(publisher).all()) > before {
				return true
			}
		}
		return false
	}, patience, time.Millisecond)
}

// handshake speaks the ZMTP 3.0 greeting and READY by hand.
func handshake(t *testing.T, conn net.Conn, kind string) {
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	_, err := conn.Write(greeting())
	require.NoError(t, err)
	_, err = io.ReadFull(conn, make([]byte, greetingSize))
	require.NoError(t, err)
	_, err = conn.Write(ready(kind))
	require.NoError(t, err)
	head := make([]byte, 2)
	_, err = io.ReadFull(conn, head)
	require.NoError(t, err)
	_, err = io.ReadFull(conn, make([]byte, head[1]))
	require.NoError(t, err)
}

// What a frame of ZMTP begins with, and the size of a greeting.
const (
	flagMore     = 1
	flagLong     = 2
	flagCommand  = 4
	greetingSize = 64
)

func greeting() []byte {
	g := make([]byte, greetingSize)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:], "NULL")
	return g
}

func ready(kind string) []byte {
	body := "\x05READY\x0bSocket-Type\x00\x00\x00" + string(rune(len(kind))) + kind
	return append([]byte{flagCommand, byte(len(body))}, body...)
}

func TestStuckSubscriberHoldsNobodyUp(t *testing.T) {
	kernel := listenOn(t, ZMQ(nil), IOPub, "tcp://127.0.0.1:0")
	stuckSubscriber(t, kernel)
	front := subscribed(t, ZMQ(nil), kernel)
	const messages = 400 // 40 MB: far more than the stuck one may have in its queue
	go func() {
		for i := range messages {
			if kernel.Send(within(t), append(frames("topic", fmt.Sprint(i)), make([]byte, 100<<10))) != nil {
				return
			}
		}
	}()
	for i := range messages {
		require.Equal(t, fmt.Sprint(i), string(recvNoProbe(t, front)[1]))
	}
	assert.Len(t, kernel.(publisher).all(), 1, "the stuck one was dropped")
}

func TestSilentConnectionsKeepNobodyOut(t *testing.T) {
	kernel := listenOn(t, ZMQ(nil), Shell, "tcp://127.0.0.1:0")
	for range 200 {
		conn, err := net.Dial("tcp", strings.TrimPrefix(kernel.Address(), "tcp://"))
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
	}
	front := dialTo(t, ZMQ(nil), Shell, kernel, "ann")
	require.NoError(t, front.Send(within(t), frames("text")))
	assert.Equal(t, frames("ann", "text"), recv(t, kernel))
}

// TestHostileBytes sends what would end a process that trusts its peers, then checks that others are served.
func TestHostileBytes(t *testing.T) {
	long := func(flags byte, size string) string { return string([]byte{flags | flagLong}) + size }
	tests := []struct {
		name   string
		opened bool // after an honest handshake
		bytes  string
	}{
		{"nothing", false, ""},
		{"half a greeting", false, "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x03"},
		{"HTTP", false, "GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("x", 100)},
		{"2^62 in the handshake", false, string(greeting()) + long(flagCommand, "\x40\x00\x00\x00\x00\x00\x00\x00")},
		{"2^40 in the handshake", false, string(greeting()) + long(flagCommand, "\x00\x00\x01\x00\x00\x00\x00\x00")},
		{"empty READY", false, string(greeting()) + "\x04\x00"},
		{"READY with a property beyond its end", false, string(greeting()) + "\x04\x08\x05READY\xff\xff"},
		{"READY with a value beyond its end", false, string(greeting()) + "\x04\x0c\x05READY\x01A\xff\xff\xff\xff"},
		{"unknown socket type", false, string(greeting()) + string(ready("KING"))},
		{"wrong socket type", false, string(greeting()) + string(ready("SUB"))},
		{"2^62", true, long(0, "\x40\x00\x00\x00\x00\x00\x00\x00")},
		{"2^64-1", true, long(0, "\xff\xff\xff\xff\xff\xff\xff\xff")},
		{"1 GB", true, long(0, "\x00\x00\x00\x00\x40\x00\x00\x00")},
		{"message of many large frames", true, strings.Repeat(long(flagMore, "\x00\x00\x00\x00\x00\x00\x00\x01")+"x", 3) + long(flagMore, "\x00\x00\x00\x00\x1f\xff\xff\xfe")},
		{"endless message", true, strings.Repeat("\x01\x00", maxMessageFrames+1)},
		{"endless PING", true, strings.Repeat("\x04\x07\x04PING\x00\x00", 1000) + "\x04\x00"},
		{"unknown command", true, "\x04\x05\x04KING"},
		{"subscription in the middle of a message", true, "\x01\x01a\x04\x0a\x09SUBSCRIBE"},
		{"flags that do not exist", true, "\xf0\x00"},
	}
	kernel := listenOn(t, ZMQ(nil), Shell, "tcp://127.0.0.1:0")
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(kernel.Address(), "tcp://"))
			require.NoError(t, err)
			defer conn.Close()
			if tt.opened {
				handshake(t, conn, "DEALER")
			}
			_, err = conn.Write([]byte(tt.bytes))
			require.NoError(t, err)
			require.NoError(t, conn.(*net.TCPConn).CloseWrite())
			require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
			_, err = io.Copy(io.Discard, conn)
			assert.NotErrorIs(t, err, os.ErrDeadlineExceeded, "the kernel closes the connection")

			front := dialTo(t, ZMQ(nil), Shell, kernel, "ann")
			require.NoError(t, front.Send(within(t), frames("text")))
			assert.Equal(t, frames("ann", "text"), recv(t, kernel))
			require.NoError(t, kernel.Send(within(t), frames("ann", "text")))
			assert.Equal(t, frames("text"), recv(t, front))
		})
	}
}

func TestListenSaysWhyNot(t *testing.T) {
	kernel := listenOn(t, ZMQ(nil), Shell, "tcp://127.0.0.1:0")
	_, err := ZMQ(nil).Listen(Shell, kernel.Address())
	require.ErrorContains(t, err, kernel.Address())
	_, err = ZMQ(nil).Listen(Shell, "pgm://x")
	require.ErrorContains(t, err, "neither tcp:// nor ipc://")
	_, err = ZMQ(nil).Listen(Shell, "ipc:///"+strings.Repeat("x", 200))
	require.ErrorContains(t, err, "at most 103 are possible")
	_, err = ZMQ(nil).Dial(within(t), Shell, "pgm://x", "")
	require.ErrorContains(t, err, "neither tcp:// nor ipc://")
	_, err = NewMemory().Dial(within(t), Shell, "tcp://127.0.0.1:0", "")
	require.ErrorContains(t, err, "nobody listens")
}

func TestIPCSocketIsPrivateAndReplaced(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("file modes mean nothing on Windows")
	}
	path := filepath.Join(t.TempDir(), "kernel-1")
	left, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	require.NoError(t, err)
	left.SetUnlinkOnClose(false)
	require.NoError(t, left.Close())

	kernel, err := ZMQ(nil).Listen(Shell, "ipc://"+path)
	require.NoError(t, err, "a stale socket is replaced")
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	_, err = ZMQ(nil).Listen(Shell, "ipc://"+path)
	require.Error(t, err, "a living one is not")
	require.NoError(t, kernel.Close(within(t)))
	assert.NoFileExists(t, path)
}

func TestClosedSocket(t *testing.T) {
	everyTransport(t, func(t *testing.T, transport Transport, address string) {
		kernel, err := transport.Listen(Shell, address)
		require.NoError(t, err)
		require.NoError(t, kernel.Close(within(t)))
		require.NoError(t, kernel.Close(within(t)), "again")
		_, err = kernel.Recv(within(t))
		require.ErrorIs(t, err, ErrClosed)
		require.ErrorIs(t, kernel.Send(within(t), frames("x", "y")), ErrNoPeer)
	})
}

func TestRecvEndsWithItsContext(t *testing.T) {
	kernel := listenOn(t, NewMemory(), Shell, "tcp://127.0.0.1:0")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := kernel.Recv(ctx)
	require.ErrorIs(t, err, context.Canceled)
}
