package comm_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/comm"
)

// connect records what is sent, until the test ends.
func connect(t *testing.T) *[]comm.Packet {
	sent := new([]comm.Packet)
	comm.Connect(func(p comm.Packet) error {
		*sent = append(*sent, p)
		return nil
	})
	t.Cleanup(func() { comm.Connect(nil) })
	return sent
}

func TestCommOpenedByCell(t *testing.T) {
	sent := connect(t)
	c, err := comm.Open("target", map[string]int{"x": 1}, []byte("bytes"))
	require.NoError(t, err)
	require.NoError(t, c.Send([]string{"more"}))
	require.NoError(t, c.Close())
	require.NoError(t, c.Close(), "again")
	require.ErrorIs(t, c.Send(nil), comm.ErrClosed)

	require.Len(t, *sent, 3)
	open, tells, closes := (*sent)[0], (*sent)[1], (*sent)[2]
	assert.Equal(t, comm.Opens, open.Kind)
	assert.Equal(t, "target", open.Target)
	assert.Equal(t, c.ID(), open.ID)
	assert.JSONEq(t, `{"x":1}`, string(open.Data))
	assert.Equal(t, [][]byte{[]byte("bytes")}, open.Buffers)
	assert.Equal(t, comm.Tells, tells.Kind)
	assert.JSONEq(t, `["more"]`, string(tells.Data))
	assert.Equal(t, comm.Closes, closes.Kind)
	assert.JSONEq(t, `{}`, string(closes.Data), "no data is an empty object")
}

func TestMessagesReachTheirHandler(t *testing.T) {
	connect(t)
	c, err := comm.Open("target", nil)
	require.NoError(t, err)
	var got []int
	c.OnMessage(func(m comm.Message) {
		var n int
		require.NoError(t, m.Decode(&n))
		got = append(got, n)
	})
	closed := false
	c.OnClose(func(comm.Message) { closed = true })

	tell := comm.Packet{Kind: comm.Tells, ID: c.ID(), Message: comm.Message{Data: []byte("7")}}
	assert.True(t, comm.Deliver(tell))
	assert.Equal(t, []int{7}, got)
	assert.True(t, comm.Deliver(comm.Packet{Kind: comm.Closes, ID: c.ID()}))
	assert.True(t, closed)
	assert.False(t, comm.Deliver(tell), "after it was closed")
	assert.Equal(t, []int{7}, got)
}

func TestCommOpenedByPage(t *testing.T) {
	sent := connect(t)
	open := comm.Packet{Kind: comm.Opens, ID: "7", Target: "mine", Message: comm.Message{Data: []byte(`"hello"`)}}
	assert.False(t, comm.Deliver(open), "a target that nobody handles")

	comm.Handle("mine", func(c *comm.Comm, m comm.Message) {
		assert.Equal(t, "mine", c.Target())
		require.NoError(t, c.Send(m.Data))
	})
	assert.True(t, comm.Deliver(open))
	require.Len(t, *sent, 1)
	assert.Equal(t, "7", (*sent)[0].ID)
	assert.Equal(t, `"hello"`, string((*sent)[0].Data))

	comm.Handle("mine", nil)
	assert.False(t, comm.Deliver(open))
}

func TestCommErrors(t *testing.T) {
	_, err := comm.Open("target", nil)
	assert.ErrorContains(t, err, "no page is connected")
	connect(t)
	_, err = comm.Open("target", func() {})
	assert.ErrorContains(t, err, "as JSON")

	gone := errors.New("gone")
	comm.Connect(func(comm.Packet) error { return gone })
	_, err = comm.Open("target", nil)
	assert.ErrorIs(t, err, gone)
	assert.ErrorContains(t, comm.Message{Data: []byte("{")}.Decode(new(int)), "reading what the page sent")
}

func TestHandlerMayPanicAndClose(t *testing.T) {
	connect(t)
	c, err := comm.Open("target", nil)
	require.NoError(t, err)
	c.OnMessage(func(comm.Message) {
		require.NoError(t, c.Close())
		panic("boom")
	})
	tell := comm.Packet{Kind: comm.Tells, ID: c.ID()}
	assert.PanicsWithValue(t, "boom", func() { comm.Deliver(tell) })
	assert.False(t, comm.Deliver(tell))
}
