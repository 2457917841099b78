package zmtp_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/bench/zmtp"
)

const patience = 20 * time.Second

// python finds an interpreter that has pyzmq: that of the environment, or of a .venv above.
func python(t *testing.T) string {
	t.Helper()
	candidates := []string{os.Getenv("VIRTUAL_ENV")}
	dir, err := os.Getwd()
	require.NoError(t, err)
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		candidates = append(candidates, filepath.Join(dir, ".venv"))
	}
	for _, venv := range candidates {
		program := filepath.Join(venv, "bin", "python")
		if venv != "" && exec.Command(program, "-c", "import zmq").Run() == nil {
			return program
		}
	}
	t.Skip("no Python with pyzmq: neither VIRTUAL_ENV nor a .venv in a folder above has one")
	return ""
}

// A peer is the ports of testdata/peer.py.
type peer struct{ router, rep, pub string }

func startPeer(t *testing.T) peer {
	t.Helper()
	cmd := exec.Command(python(t), filepath.Join("testdata", "peer.py"))
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		stdin.Close()
		timer := time.AfterFunc(patience, func() { cmd.Process.Kill() })
		cmd.Wait()
		timer.Stop()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	ports := strings.Fields(line)
	require.Len(t, ports, 3)
	return peer{ports[0], ports[1], ports[2]}
}

func dial(t *testing.T, kind zmtp.Type, port, identity string) *zmtp.Conn {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := zmtp.Dial(ctx, "tcp", "127.0.0.1:"+port, kind, identity)
	require.NoError(t, err)
	require.NoError(t, c.SetDeadline(time.Now().Add(patience)))
	t.Cleanup(func() { c.Close() })
	return c
}

func TestDealerAgainstLibzmq(t *testing.T) {
	p := startPeer(t)
	tests := []struct {
		name   string
		frames [][]byte
	}{
		{"one frame", [][]byte{[]byte("a")}},
		{"empty frames", [][]byte{{}, []byte("x"), {}}},
		{"255 and 256 bytes", [][]byte{bytes.Repeat([]byte("s"), 255), bytes.Repeat([]byte("l"), 256)}},
		{"a megabyte", [][]byte{[]byte("head"), bytes.Repeat([]byte("m"), 1<<20)}},
	}
	for _, identity := range []string{"", "bench"} {
		c := dial(t, zmtp.Dealer, p.router, identity)
		for _, tt := range tests {
			t.Run(tt.name+" "+identity, func(t *testing.T) {
				require.NoError(t, c.Send(tt.frames...))
				got, err := c.Recv()
				require.NoError(t, err)
				assert.Equal(t, tt.frames, got)
			})
		}
	}
}

func TestReqAgainstLibzmq(t *testing.T) {
	c := dial(t, zmtp.Req, startPeer(t).rep, "")
	for range 3 {
		require.NoError(t, c.Send([]byte("ping")))
		got, err := c.Recv()
		require.NoError(t, err)
		assert.Equal(t, [][]byte{[]byte("ping")}, got)
	}
}

func TestSubAgainstLibzmq(t *testing.T) {
	c := dial(t, zmtp.Sub, startPeer(t).pub, "")
	require.NoError(t, c.Subscribe("kernel"))
	got, err := c.Recv()
	require.NoError(t, err)
	assert.Equal(t, [][]byte{[]byte("kernel.1"), {}, bytes.Repeat([]byte("x"), 300)}, got)
}

// listen accepts one connection and answers with raw bytes.
func listen(t *testing.T, answer []byte) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() { // ends when the client or the test closes
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		c.Write(answer)
		io.Copy(io.Discard, c)
	}()
	return l.Addr().String()
}

func greeting(version byte, mechanism string) []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10] = 0xff, 0x7f, version
	copy(g[12:], mechanism)
	return g
}

func TestDialRefusesBadPeers(t *testing.T) {
	tests := []struct {
		name   string
		answer []byte
		want   string
	}{
		{"other protocol", bytes.Repeat([]byte("HTTP"), 16), "does not speak ZMTP"},
		{"old version", greeting(2, "NULL"), "speaks ZMTP 2"},
		{"encrypted", greeting(3, "CURVE"), "mechanism CURVE"},
		{"no ready", append(greeting(3, "NULL"), 4, 5, 5, 'E', 'R', 'R', 'O'), "no READY"},
		{"huge frame", append(greeting(3, "NULL"), 6, 255, 255, 255, 255, 255, 255, 255, 255), "a frame of"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			defer cancel()
			_, err := zmtp.Dial(ctx, "tcp", listen(t, tt.answer), zmtp.Dealer, "")
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestDialGivesUpOnASilentPeer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	address := listen(t, nil)
	time.AfterFunc(time.Millisecond, cancel)
	_, err := zmtp.Dial(ctx, "tcp", address, zmtp.Dealer, "")
	assert.Error(t, err)
}

func TestRecvTellsEndFromBreak(t *testing.T) {
	hello := append(greeting(3, "NULL"), 4, 6, 5, 'R', 'E', 'A', 'D', 'Y')
	t.Run("end", func(t *testing.T) {
		_, err := recvAfter(t, slices.Concat(hello, []byte{0, 1, 'x'}))
		assert.Equal(t, io.EOF, err)
	})
	t.Run("break", func(t *testing.T) {
		_, err := recvAfter(t, slices.Concat(hello, []byte{0, 1, 'x', 1, 1, 'y'}))
		assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	})
}

// recvAfter receives one message from a peer that closes at once, and then the end.
func recvAfter(t *testing.T, answer []byte) ([][]byte, error) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	go func() { // ends after one connection, or when l is closed
		c, err := l.Accept()
		if err != nil {
			return
		}
		c.Write(answer)
		c.(*net.TCPConn).CloseWrite()
		io.Copy(io.Discard, c)
		c.Close()
	}()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	c := dial(t, zmtp.Dealer, port, "")
	first, err := c.Recv()
	require.NoError(t, err)
	require.Equal(t, [][]byte{[]byte("x")}, first)
	return c.Recv()
}

func ExampleEncode() {
	fmt.Printf("%q\n", zmtp.Encode([]byte("head"), []byte("body")))
	// Output: "\x01\x04head\x00\x04body"
}
