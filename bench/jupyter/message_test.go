package jupyter

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The signature is checked against a value computed with Python's hmac module.
func TestSign(t *testing.T) {
	s := signer{key: []byte("key")}
	got := s.sign([][]byte{[]byte("{}"), []byte("{}"), []byte("{}"), []byte(`{"a":1}`)})
	assert.Equal(t, "5c59a161f31dbc453751f94cd7e9bdd78e1ed3419c132f75b8e0f3b0d1313693", string(got))
}

func TestRequestsDiffer(t *testing.T) {
	s := newSigner("key")
	a, err := s.request("execute_request", map[string]string{"code": "1"})
	require.NoError(t, err)
	b, err := s.request("execute_request", map[string]string{"code": "1"})
	require.NoError(t, err)
	assert.NotEqual(t, a.ID, b.ID)
	assert.NotEqual(t, a.bytes, b.bytes)

	_, err = s.request("execute_request", make(chan int))
	assert.ErrorContains(t, err, "execute_request")
}

func TestParse(t *testing.T) {
	good := []string{"topic", delimiter, "sig", `{"msg_type": "status"}`, `{"msg_id": "p"}`, "{}", `{"execution_state": "idle"}`, "buffer"}
	tests := []struct {
		name   string
		frames []string
		want   string
	}{
		{"good", good, ""},
		{"no delimiter", []string{"a", "b"}, "0 frames"},
		{"nothing", nil, "0 frames"},
		{"short", good[:5], "4 frames"},
		{"bad header", []string{delimiter, "", "{", "{}", "{}", "{}"}, "header"},
		{"bad parent", []string{delimiter, "", "{}", "[]", "{}", "{}"}, "parent header"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var frames [][]byte
			for _, f := range tt.frames {
				frames = append(frames, []byte(f))
			}
			now := time.Now()
			m, err := parse(IOPub, frames, now)
			if tt.want != "" {
				assert.ErrorIs(t, err, errMalformed)
				assert.ErrorContains(t, err, tt.want)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, "status", m.Type)
			assert.Equal(t, "p", m.Parent)
			assert.Equal(t, now, m.At)
			assert.True(t, m.IsIdle())
		})
	}
}

func TestPortsAreDistinct(t *testing.T) {
	c, err := newConnection("k")
	require.NoError(t, err)
	ports := map[int]bool{c.ShellPort: true, c.ControlPort: true, c.StdinPort: true, c.IOPubPort: true, c.HBPort: true}
	assert.Len(t, ports, 5)
	assert.NotContains(t, ports, 0)
}

func TestRoundTripIsTheLaterOfBoth(t *testing.T) {
	t0 := time.Now()
	early, late := t0.Add(time.Millisecond), t0.Add(time.Second)
	assert.Equal(t, time.Second, Exchange{Sent: t0, Replied: early, Idle: late}.RoundTrip())
	assert.Equal(t, time.Second, Exchange{Sent: t0, Replied: late, Idle: early}.RoundTrip())
}

func TestTailKeepsTheEnd(t *testing.T) {
	var out tail
	for range tailSize {
		out.Write([]byte("ab"))
	}
	out.Write([]byte("end\n"))
	assert.Len(t, out.String(), tailSize-1)
	assert.Equal(t, "end", out.String()[tailSize-4:])
}
