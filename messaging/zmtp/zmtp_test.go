package zmtp_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/messaging/zmtp"
)

// patience bounds every wait; none takes nearly as long.
const patience = 20 * time.Second

// pipe is a connection of two ends on which nothing waits for ever.
func pipe(t testing.TB) (client, server net.Conn) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	client, err = net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	server, err = l.Accept()
	require.NoError(t, err)
	for _, c := range []net.Conn{client, server} {
		require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
		t.Cleanup(func() { c.Close() })
	}
	return client, server
}

// open opens both ends; what fails is returned as both errors.
func open(t testing.TB, client, server zmtp.Config) (c, s *zmtp.Conn, clientErr, serverErr error) {
	there, here := pipe(t)
	server.Server = true
	if server.MaxMessage == 0 {
		server.MaxMessage, server.MaxFrames = 32<<20, 1000
	}
	client.MaxMessage, client.MaxFrames = server.MaxMessage, server.MaxFrames
	done := make(chan struct{})
	go func() {
		defer close(done)
		if c, clientErr = zmtp.Open(there, client); clientErr != nil {
			there.Close()
		}
	}()
	if s, serverErr = zmtp.Open(here, server); serverErr != nil {
		here.Close()
	}
	<-done
	return c, s, clientErr, serverErr
}

func keys(t testing.TB) (zmtp.Key, *zmtp.Key) {
	public, secret, err := zmtp.GenerateKey()
	require.NoError(t, err)
	return public, &secret
}

// everySecurity runs test without and with encryption.
func everySecurity(t *testing.T, test func(t *testing.T, client, server zmtp.Security)) {
	t.Run("NULL", func(t *testing.T) { test(t, nil, nil) })
	t.Run("CURVE", func(t *testing.T) {
		public, secret := keys(t)
		test(t, zmtp.Curve(public, nil), zmtp.Curve(public, secret))
	})
}

func TestMessagesBothWays(t *testing.T) {
	everySecurity(t, func(t *testing.T, client, server zmtp.Security) {
		c, s, err, serverErr := open(t, zmtp.Config{Type: zmtp.Dealer, Identity: "ann", Security: client}, zmtp.Config{Type: zmtp.Router, Security: server})
		require.NoError(t, err)
		require.NoError(t, serverErr)
		assert.Equal(t, zmtp.Peer{Type: zmtp.Dealer, Identity: "ann"}, s.Peer())
		assert.Equal(t, zmtp.Peer{Type: zmtp.Router}, c.Peer())
		for _, size := range []int{0, 1, 255, 256, 100_000, 3 << 20} {
			message := [][]byte{[]byte("first"), {}, bytes.Repeat([]byte("x"), size)}
			for _, way := range []struct{ from, to *zmtp.Conn }{{c, s}, {s, c}} {
				go func() {
					assert.NoError(t, way.from.WriteMessage(message))
					assert.NoError(t, way.from.Flush())
				}()
				got, err := way.to.ReadMessage()
				require.NoError(t, err)
				require.Len(t, got, 3)
				require.True(t, bytes.Equal(message[0], got[0]) && len(got[1]) == 0 && bytes.Equal(message[2], got[2]), size)
			}
		}
	})
}

func TestWhoDoesNotFit(t *testing.T) {
	public, secret := keys(t)
	other, _ := keys(t)
	for _, tt := range []struct {
		name           string
		client, server zmtp.Config
		want           string
	}{
		{"socket types", zmtp.Config{Type: zmtp.Sub}, zmtp.Config{Type: zmtp.Router}, "cannot talk to"},
		{"a long name", zmtp.Config{Type: zmtp.Dealer, Identity: strings.Repeat("x", 256)}, zmtp.Config{Type: zmtp.Router}, "at most 255"},
		{"a client without secrets", zmtp.Config{Type: zmtp.Dealer}, zmtp.Config{Type: zmtp.Router, Security: zmtp.Curve(public, secret)}, `"NULL", and not CURVE`},
		{"a client with secrets", zmtp.Config{Type: zmtp.Dealer, Security: zmtp.Curve(public, nil)}, zmtp.Config{Type: zmtp.Router}, `"CURVE", and not NULL`},
		{"the key of another server", zmtp.Config{Type: zmtp.Dealer, Security: zmtp.Curve(other, nil)}, zmtp.Config{Type: zmtp.Router, Security: zmtp.Curve(public, secret)}, "right keys"},
		{"a server without its key", zmtp.Config{Type: zmtp.Dealer, Security: zmtp.Curve(public, nil)}, zmtp.Config{Type: zmtp.Router, Security: zmtp.Curve(public, nil)}, "needs its secret key"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, _, _, err := open(t, tt.client, tt.server)
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestLimits(t *testing.T) {
	everySecurity(t, func(t *testing.T, client, server zmtp.Security) {
		for _, tt := range []struct {
			name    string
			message [][]byte
			want    string
		}{
			{"bytes", [][]byte{make([]byte, 600), make([]byte, 500)}, "longer than is allowed"},
			{"frames", make([][]byte, 6), "more than 5 frames"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c, s, err, serverErr := open(t, zmtp.Config{Type: zmtp.Dealer, Security: client},
					zmtp.Config{Type: zmtp.Router, Security: server, MaxMessage: 1000, MaxFrames: 5})
				require.NoError(t, err)
				require.NoError(t, serverErr)
				require.NoError(t, c.WriteMessage([][]byte{make([]byte, 1000)}))
				require.NoError(t, c.WriteMessage(make([][]byte, 5)))
				require.NoError(t, c.WriteMessage(tt.message))
				require.NoError(t, c.Flush())
				for range 2 {
					_, err = s.ReadMessage()
					require.NoError(t, err, "as large as is allowed")
				}
				_, err = s.ReadMessage()
				require.ErrorContains(t, err, tt.want)
			})
		}
	})
}

// shake does the handshake of a client by hand.
func shake(t *testing.T, conn net.Conn, kind string) {
	greeting := make([]byte, 64)
	greeting[0], greeting[9], greeting[10], greeting[11] = 0xff, 0x7f, 3, 1
	copy(greeting[12:], "NULL")
	ready := fmt.Sprintf("\x05READY\x0bSocket-Type\x00\x00\x00%c%s", len(kind), kind)
	_, err := conn.Write(append(append(greeting, 4, byte(len(ready))), ready...))
	require.NoError(t, err)
	_, err = io.ReadFull(conn, make([]byte, 64))
	require.NoError(t, err)
	head := make([]byte, 2)
	_, err = io.ReadFull(conn, head)
	require.NoError(t, err)
	_, err = io.ReadFull(conn, make([]byte, head[1]))
	require.NoError(t, err)
}

// TestCommands sends those of ZMTP 3.1, as libzmq does when its heartbeats are on, and its subscriptions.
func TestCommands(t *testing.T) {
	there, here := pipe(t)
	opened := make(chan *zmtp.Conn, 1)
	go func() {
		s, err := zmtp.Open(here, zmtp.Config{Type: zmtp.XPub, Server: true, MaxMessage: 1000, MaxFrames: 10})
		assert.NoError(t, err)
		opened <- s
	}()
	shake(t, there, "SUB")
	s := <-opened
	commands := "\x04\x09\x04PING\x00\x0aab" + "\x04\x05\x04PONG" + "\x04\x0d\x09SUBSCRIBEabc" + "\x04\x09\x06CANCELab" + "\x00\x02\x01x"
	_, err := there.Write([]byte(commands))
	require.NoError(t, err)
	for _, want := range []string{"\x01abc", "\x00ab", "\x01x"} {
		got, err := s.ReadMessage()
		require.NoError(t, err)
		require.Equal(t, [][]byte{[]byte(want)}, got)
	}
	pong := make([]byte, 9)
	_, err = io.ReadFull(there, pong)
	require.NoError(t, err)
	assert.Equal(t, "\x04\x07\x04PONGab", string(pong))
	_, err = there.Write([]byte("\x04\x0a\x05ERROR\x03bad"))
	require.NoError(t, err)
	_, err = s.ReadMessage()
	require.ErrorContains(t, err, `"bad"`)
}

// TestKeys has the keys that libzmq's own documentation has as an example.
func TestKeys(t *testing.T) {
	const publicText, secretText = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7", "JTKVSB%%)wK0E.X)V>+}o?pNmC{O&4W4b!Ni{Lh6"
	public, err := zmtp.ParseKey(publicText)
	require.NoError(t, err)
	assert.Equal(t, "54fcba24e93249969316fb617c872bb0c1d1ff14800427c594cbfacf1bc2d652", hex.EncodeToString(public[:]))
	secret, err := zmtp.ParseKey(secretText)
	require.NoError(t, err)
	assert.Equal(t, secretText, secret.String())
	derived, err := zmtp.PublicOf(secret)
	require.NoError(t, err)
	assert.Equal(t, public, derived)
	for text, want := range map[string]string{
		"short":                                 "40 characters",
		strings.Repeat("0", 39) + "\"":          "not one of Z85",
		strings.Repeat("#", 5) + publicText[5:]: "too large a number",
	} {
		_, err := zmtp.ParseKey(text)
		assert.ErrorContains(t, err, want)
	}
}

// FuzzServer wants that no bytes of a client do harm.
func FuzzServer(f *testing.F) {
	public, secret, err := zmtp.GenerateKey()
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, data []byte, encrypted bool) {
		c := zmtp.Config{Type: zmtp.Router, Server: true, MaxMessage: 1 << 16, MaxFrames: 100}
		if encrypted {
			c.Security = zmtp.Curve(public, &secret)
		}
		s, err := zmtp.Open(&replay{Reader: bytes.NewReader(data)}, c)
		for err == nil {
			_, err = s.ReadMessage()
		}
		require.Error(t, err)
	})
}

// replay is a connection whose other side says something whatever it hears.
type replay struct {
	io.Reader
	net.Conn
}

func (r *replay) Read(p []byte) (int, error)  { return r.Reader.Read(p) }
func (r *replay) Write(p []byte) (int, error) { return len(p), nil }

func TestFuzzSeedsAreThere(t *testing.T) {
	found, err := filepath.Glob("testdata/fuzz/FuzzServer/*")
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(found), 5)
	for _, path := range found {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.True(t, bytes.HasPrefix(text, []byte("go test fuzz v1\n[]byte(")), path)
	}
}
