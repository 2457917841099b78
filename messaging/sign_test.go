package messaging

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSign(t *testing.T) {
	p := parts{header: []byte("{\"a\":1}"), parent: []byte("{}"), metadata: []byte("{}"), content: []byte("{\"code\":\"1\"}")}
	// printf '{"a":1}{}{}{"code":"1"}' | openssl dgst -sha256 -hmac secret
	const want = "4cd721348272a9d38f52e40f18755f0c1547d1172085474a01e7af8f3442da14"
	s := signer{key: []byte("secret")}
	assert.Equal(t, want, string(s.sign(p)))

	p.signature = []byte(want)
	require.NoError(t, s.verify(p))
	p.buffers = frames("not signed")
	require.NoError(t, s.verify(p))
	p.content = []byte("{\"code\":\"2\"}")
	require.ErrorIs(t, s.verify(p), errBadSignature)
	p.signature = nil
	require.ErrorIs(t, s.verify(p), errBadSignature)
}

func TestEmptyKeyTurnsSigningOff(t *testing.T) {
	s := NewSession("", "u")
	m, err := s.Message(TypeCommInfoRequest, nil, CommInfoRequest{})
	require.NoError(t, err)
	out := s.Frames(m)
	assert.Equal(t, []byte{}, out[1])
	for range 2 { // without signatures a replay cannot be seen
		_, err = s.Parse(Shell, out)
		require.NoError(t, err)
	}
}

func TestReplayGuardForgetsTheOldest(t *testing.T) {
	signature := func(i int) []byte { return binary.BigEndian.AppendUint64(nil, uint64(i)) }
	var g replayGuard
	for i := range maxSeen {
		require.NoError(t, g.check(signature(i)))
	}
	require.ErrorIs(t, g.check(signature(0)), errReplayed)
	require.ErrorIs(t, g.check(signature(maxSeen-1)), errReplayed)
	require.NoError(t, g.check(signature(maxSeen)))
	require.NoError(t, g.check(signature(0)), "the oldest made place for the newest")
	require.ErrorIs(t, g.check(signature(2)), errReplayed)
	assert.Len(t, g.seen, maxSeen)
}
