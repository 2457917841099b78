package messaging

import (
	"context"
	"testing"

	"github.com/go-zeromq/zmq4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These tests have go-zeromq/zmq4 at the other end: an implementation of ZeroMQ by others, of ZMTP 3.0. libzmq
// itself is the peer of the tests in Python, with all clients of Jupyter.

func TestDealerOfOthers(t *testing.T) {
	kernel := listenOn(t, ZMQ(nil), Shell, "tcp://127.0.0.1:0")
	front := zmq4.NewDealer(context.Background(), zmq4.WithID(zmq4.SocketIdentity("ann")))
	defer front.Close()
	require.NoError(t, front.Dial(kernel.Address()))
	long := make([]byte, 1<<20)
	require.NoError(t, front.SendMulti(zmq4.NewMsgFrom([]byte("text"), nil, long)))
	got := recv(t, kernel)
	require.Equal(t, "ann", string(got[0]))
	require.Equal(t, frames("text", ""), got[1:3])
	assert.Len(t, got[3], len(long))
	require.NoError(t, kernel.Send(within(t), got))
	back, err := front.Recv()
	require.NoError(t, err)
	assert.Len(t, back.Frames, 3)
}

func TestSubscriberOfOthers(t *testing.T) {
	kernel, err := ZMQ(nil).Publish("tcp://127.0.0.1:0", func(topic []byte) [][]byte { return [][]byte{topic, []byte("welcome")} })
	require.NoError(t, err)
	defer kernel.Close(within(t))
	front := zmq4.NewSub(context.Background())
	defer front.Close()
	require.NoError(t, front.Dial(kernel.Address()))
	require.NoError(t, front.SetOption(zmq4.OptionSubscribe, "status"))
	first, err := front.Recv()
	require.NoError(t, err)
	assert.Equal(t, frames("status", "welcome"), first.Frames)
	require.NoError(t, kernel.Send(within(t), frames("other", "text")))
	require.NoError(t, kernel.Send(within(t), frames("status.busy", "text")))
	second, err := front.Recv()
	require.NoError(t, err)
	assert.Equal(t, frames("status.busy", "text"), second.Frames)
}
