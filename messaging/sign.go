package messaging

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

var (
	errBadSignature = errors.New("signature does not match")
	errReplayed     = errors.New("signature was seen before: replayed message")
)

// A signer signs and checks messages with the key of the connection file. With an empty key it
// signs nothing and lets everything pass, as the protocol says. It may be used from any goroutine.
type signer struct {
	key []byte
}

// sign returns the HMAC over the four JSON parts, exactly as they are sent, in lower-case hex.
func (s signer) sign(p parts) []byte {
	if len(s.key) == 0 {
		return []byte{}
	}
	mac := hmac.New(sha256.New, s.key)
	for _, part := range [...][]byte{p.header, p.parent, p.metadata, p.content} {
		mac.Write(part)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

func (s signer) verify(p parts) error {
	if len(s.key) > 0 && !hmac.Equal(p.signature, s.sign(p)) {
		return errBadSignature
	}
	return nil
}

// maxSeen is how many signatures a replay guard remembers, the number that jupyter_client uses too.
const maxSeen = 1 << 16

// A replayGuard tells whether a signature came before. It forgets the oldest first, where
// jupyter_client forgets random ones: the order costs nothing in a ring. One goroutine at a time.
type replayGuard struct {
	seen map[digest]struct{}
	ring []digest
	next int
}

// A digest is the beginning of a signature; half of it is plenty to tell two apart.
type digest [32]byte

func (g *replayGuard) check(signature []byte) error {
	var d digest
	copy(d[:], signature)
	if _, ok := g.seen[d]; ok {
		return errReplayed
	}
	if g.seen == nil {
		g.seen = make(map[digest]struct{})
	}
	if len(g.ring) < maxSeen {
		g.ring = append(g.ring, d)
	} else {
		delete(g.seen, g.ring[g.next])
		g.ring[g.next] = d
		g.next = (g.next + 1) % maxSeen
	}
	g.seen[d] = struct{}{}
	return nil
}
