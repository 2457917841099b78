package messaging

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func startFile(t testing.TB, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kernel.json")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestReadStartFile(t *testing.T) {
	c, r, err := ReadStartFile(startFile(t, `{"shell_port":1,"iopub_port":2,"stdin_port":3,"control_port":4,"hb_port":5,"ip":"127.0.0.1","key":"k"}`))
	require.NoError(t, err)
	assert.Nil(t, r)
	assert.Equal(t, Port(4), c.ControlPort)

	c, r, err = ReadStartFile(startFile(t, `{"kernel_id":"a-b","transport":"tcp","registration_ip":"127.0.0.1","registration_port":"51587",
		"signature_scheme":"hmac-sha256","key":"k"}`))
	require.NoError(t, err)
	assert.Equal(t, &Registration{KernelID: "a-b", Transport: "tcp", IP: "127.0.0.1", Port: 51587, SignatureScheme: SchemeHMACSHA256, Key: "k"}, r)
	assert.Equal(t, Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: SchemeHMACSHA256, Key: "k"}, c)

	dir := t.TempDir()
	for number := range 1000 { // what others have
		require.NoError(t, os.WriteFile(filepath.Join(dir, "r-"+strconv.Itoa(number)), nil, 0o600))
	}
	c, r, err = ReadStartFile(startFile(t, `{"kernel_id":"a","transport":"ipc","registration_ip":"`+dir+`/r","registration_port":7,"key":""}`))
	require.NoError(t, err)
	assert.Equal(t, "ipc://"+dir+"/r-7", r.address())
	for _, ch := range channels {
		assert.NoFileExists(t, c.Address(ch)[len("ipc://"):])
		assert.NotZero(t, *c.port(ch))
	}
}

func TestReadStartFileRefuses(t *testing.T) {
	const rest = `"kernel_id":"a","registration_port":7`
	tests := []struct{ name, in, want string }{
		{"neither", `{}`, `"ip" is missing`},
		{"not JSON", `[]`, "connection file"},
		{"no ip", `{` + rest + `,"key":"k"}`, `"registration_ip" is missing`},
		{"no key", `{` + rest + `,"registration_ip":"::1"}`, `"key" is missing`},
		{"no kernel", `{"registration_port":7,"registration_ip":"::1","key":"k"}`, `"kernel_id" is missing`},
		{"other scheme", `{` + rest + `,"registration_ip":"::1","key":"k","signature_scheme":"hmac-md5"}`, "hmac-md5"},
		{"other transport", `{` + rest + `,"registration_ip":"::1","key":"k","transport":"inproc"}`, "inproc"},
		{"port that is none", `{"kernel_id":"a","registration_port":70000,"registration_ip":"::1","key":"k"}`, "port 70000"},
		{"encryption", `{` + rest + `,"registration_ip":"::1","key":"k","curve_secretkey":"x"}`, "curve_secretkey"},
		{"a path that is too long", `{` + rest + `,"registration_ip":"/` + strings.Repeat("x", 200) + `","key":"","transport":"ipc"}`, "at most"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := startFile(t, tt.in)
			_, _, err := ReadStartFile(path)
			require.ErrorContains(t, err, tt.want)
			require.ErrorContains(t, err, path)
		})
	}
	_, _, err := ReadStartFile("/nowhere/kernel.json")
	require.ErrorIs(t, err, os.ErrNotExist)
}

// A launcher has a socket for kernels that register.
type launcher struct {
	t    testing.TB
	at   Socket
	sign signer
}

func newLauncher(t testing.TB, key string) (launcher, Registration) {
	l := launcher{t, listenOn(t, ZMQ(nil), Control, "tcp://127.0.0.1:0"), signer{key: []byte(key)}}
	c := Connection{Transport: "tcp", IP: "127.0.0.1"}
	require.NoError(t, c.bound(Control, l.at.Address()))
	return l, Registration{KernelID: "a-b", Transport: "tcp", IP: "127.0.0.1", Port: c.ControlPort, Key: key}
}

// serve answers one kernel with what answer makes of the message that it has sent.
func (l launcher) serve(answer func(frames [][]byte) [][]byte) {
	got := recv(l.t, l.at)
	require.NoError(l.t, l.at.Send(within(l.t), append(got[:1:1], answer(got[1:])...)))
}

func TestAnnounce(t *testing.T) {
	for name, key := range map[string]string{"signed": "secret", "not signed": ""} {
		t.Run(name, func(t *testing.T) {
			l, r := newLauncher(t, key)
			c := Connection{ShellPort: 1, ControlPort: 2, StdinPort: 3, IOPubPort: 4, HeartbeatPort: 65535}
			said := make(chan error, 1)
			go func() { said <- r.Announce(within(t), ZMQ(nil), c) }()
			l.serve(func(got [][]byte) [][]byte {
				assert.Len(t, got, 3)
				assert.Equal(t, delimiter, string(got[0]))
				assert.Equal(t, key == "", len(got[1]) == 0)
				assert.NoError(t, l.sign.verify(parts{signature: got[1], content: got[2]}))
				assert.JSONEq(t, `{"kernel_id":"a-b","control_port":"2","shell_port":"1","stdin_port":"3","iopub_port":"4","hb_port":"65535"}`, string(got[2]))
				return [][]byte{[]byte(delimiter), l.sign.sign(parts{content: []byte("ACK")}), []byte("ACK")}
			})
			require.NoError(t, <-said)
		})
	}
}

func TestAnnounceIsRefused(t *testing.T) {
	ack := []byte("ACK")
	for want, answer := range map[string]func(l launcher) [][]byte{
		"signature":    func(launcher) [][]byte { return [][]byte{[]byte(delimiter), []byte("00"), ack} },
		"delimiter":    func(l launcher) [][]byte { return [][]byte{l.sign.sign(parts{content: ack}), ack} },
		"has 1 frames": func(l launcher) [][]byte { return [][]byte{[]byte(delimiter), ack} },
	} {
		t.Run(want, func(t *testing.T) {
			l, r := newLauncher(t, "secret")
			said := make(chan error, 1)
			go func() { said <- r.Announce(within(t), ZMQ(nil), Connection{}) }()
			l.serve(func([][]byte) [][]byte { return answer(l) })
			require.ErrorContains(t, <-said, want)
		})
	}
}

func TestAnnounceWithoutALauncher(t *testing.T) {
	l, r := newLauncher(t, "secret")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	require.ErrorIs(t, r.Announce(ctx, ZMQ(nil), Connection{}), context.DeadlineExceeded, "it does not answer")

	said := make(chan error, 1)
	go func() { said <- r.Announce(within(t), ZMQ(nil), Connection{}) }()
	recv(t, l.at) // of before
	recv(t, l.at)
	require.NoError(t, l.at.Close(within(t)))
	require.ErrorIs(t, <-said, ErrClosed)

	require.ErrorContains(t, r.Announce(within(t), ZMQ(nil), Connection{}), "connecting to the launcher")
}

// TestServerOfARegistration goes the whole way: the launcher learns where the kernel listens, and a front end finds it there.
func TestServerOfARegistration(t *testing.T) {
	for _, transport := range []string{"tcp", "ipc"} {
		t.Run(transport, func(t *testing.T) {
			r := Registration{KernelID: "a", Transport: transport, IP: "127.0.0.1", SignatureScheme: SchemeHMACSHA256, Key: "secret"}
			if transport == "ipc" {
				r.IP, r.Port = filepath.Join(t.TempDir(), "r"), 1
			}
			l := launcher{t, listenOn(t, ZMQ(nil), Control, r.address()), signer{key: []byte("secret")}}
			if transport == "tcp" {
				bound := Connection{Transport: "tcp"}
				require.NoError(t, bound.bound(Control, l.at.Address()))
				r.Port = bound.ControlPort
			}
			text, err := Encode(r)
			require.NoError(t, err)
			c, read, err := ReadStartFile(startFile(t, string(text)))
			require.NoError(t, err)
			server, err := Listen(ServerConfig{Connection: c})
			require.NoError(t, err)
			defer server.Close()
			said := make(chan error, 1)
			go func() { said <- read.Announce(within(t), ZMQ(nil), server.Connection()) }()
			var told announcement
			l.serve(func(got [][]byte) [][]byte {
				assert.NoError(t, json.Unmarshal(got[2], &told))
				return [][]byte{[]byte(delimiter), l.sign.sign(parts{content: []byte("{}")}), []byte("{}")}
			})
			require.NoError(t, <-said)

			at := Connection{Transport: transport, IP: r.IP}
			require.NoError(t, at.HeartbeatPort.UnmarshalJSON([]byte(told.HeartbeatPort)))
			ctx, stop := context.WithCancel(within(t))
			served := make(chan struct{})
			go func() {
				server.Serve(ctx, func(*Message) {})
				close(served)
			}()
			beat, err := ZMQ(nil).Dial(within(t), Heartbeat, at.Address(Heartbeat), "")
			require.NoError(t, err)
			require.NoError(t, beat.Send(within(t), frames("ping")))
			assert.Equal(t, frames("ping"), recv(t, beat))
			require.NoError(t, beat.Close(within(t)))
			stop()
			<-served
		})
	}
}
