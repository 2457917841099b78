package zmtp

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/crypto/curve25519"
	"golang.org/x/crypto/nacl/box"
)

// A Key is a public or a secret key of CURVE.
type Key [32]byte

// GenerateKey makes a pair of keys.
func GenerateKey() (public, secret Key, err error) {
	p, s, err := box.GenerateKey(rand.Reader)
	if err != nil {
		return Key{}, Key{}, fmt.Errorf("making a key: %w", err)
	}
	return *p, *s, nil
}

// Curve returns the mechanism that encrypts. The keys are the server's, who has accepted the connection;
// for clients alone secret may be nil. A client makes a key of its own for each connection, and is let in
// because it knows the public one.
func Curve(public Key, secret *Key) Security { return curve{public, secret} }

type curve struct {
	public Key
	secret *Key
}

func (curve) mechanism() string { return "CURVE" }

func (curve) hasServer() bool { return true }

func (c curve) handshake(z *Conn) ([]byte, error) {
	switch {
	case !z.config.Server:
		return curveClient{server: c.public}.handshake(z)
	case c.secret == nil:
		return nil, errors.New("a server of CURVE needs its secret key")
	}
	return curveServer{public: c.public, secret: *c.secret}.handshake(z)
}

// PublicOf computes the public key that belongs to a secret one.
func PublicOf(secret Key) (Key, error) {
	public, err := curve25519.X25519(secret[:], curve25519.Basepoint)
	if err != nil {
		return Key{}, err
	}
	return Key(public), nil
}

// Beginnings of the nonces, by what is encrypted. Short ones go on with a counter of 8 bytes, long ones
// with 16 random bytes.
const (
	nonceHello     = "CurveZMQHELLO---"
	nonceWelcome   = "WELCOME-"
	nonceCookie    = "COOKIE--"
	nonceVouch     = "VOUCH---"
	nonceInitiate  = "CurveZMQINITIATE"
	nonceReady     = "CurveZMQREADY---"
	nonceOfServer  = "CurveZMQMESSAGES"
	nonceOfClient  = "CurveZMQMESSAGEC"
	nonceSize      = 24
	longNonce      = 16
	shortNonce     = 8
	keySize        = 32
	helloSize      = 2 + 72 + keySize + shortNonce + 64 + box.Overhead
	cookieSize     = longNonce + 2*keySize + box.Overhead
	welcomeSize    = longNonce + keySize + cookieSize + box.Overhead
	vouchSize      = longNonce + 2*keySize + box.Overhead
	leastInitiate  = cookieSize + shortNonce + keySize + vouchSize + box.Overhead
	messageName    = "\x07MESSAGE"
	messageMore    = 1
	messageCommand = 2
	// sealed is how much longer a frame is when it is encrypted.
	sealed = int64(len(messageName) + shortNonce + 1 + box.Overhead)
)

var (
	errForged = errors.New("what the peer sent was not encrypted with the right keys")
	errSize   = errors.New("a command of CURVE has the wrong size")
)

func nonce(prefix string, rest []byte) *[nonceSize]byte {
	n := new([nonceSize]byte)
	copy(n[:], prefix)
	copy(n[len(prefix):], rest)
	return n
}

// random is a fresh long nonce.
func random() []byte {
	n := make([]byte, longNonce)
	rand.Read(n) // never fails
	return n
}

func counted(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func (k *Key) array() *[keySize]byte { return (*[keySize]byte)(k) }

// A curveSeal encrypts what is said after the handshake.
type curveSeal struct {
	shared       [keySize]byte
	ours, theirs string // beginnings of the nonces
	sent, got    uint64 // counters of the last nonces
}

func newSeal(theirPublic, ourSecret *Key, server bool, sent, got uint64) *curveSeal {
	s := &curveSeal{ours: nonceOfClient, theirs: nonceOfServer, sent: sent, got: got}
	if server {
		s.ours, s.theirs = s.theirs, s.ours
	}
	box.Precompute(&s.shared, theirPublic.array(), ourSecret.array())
	return s
}

func (s *curveSeal) close(f frame) (frame, error) {
	var flags byte
	if f.more {
		flags |= messageMore
	}
	if f.command {
		flags |= messageCommand
	}
	s.sent++
	count := counted(s.sent)
	body := make([]byte, 0, len(f.body)+int(sealed))
	body = append(append(body, messageName...), count...)
	plain := append([]byte{flags}, f.body...)
	return frame{body: box.SealAfterPrecomputation(body, plain, nonce(s.ours, count), &s.shared)}, nil
}

func (s *curveSeal) open(f frame) (frame, error) {
	if int64(len(f.body)) < sealed || string(f.body[:len(messageName)]) != messageName {
		return frame{}, errForged
	}
	count := f.body[len(messageName):][:shortNonce]
	n := binary.BigEndian.Uint64(count)
	if n <= s.got {
		return frame{}, errors.New("the peer uses a nonce again")
	}
	s.got = n
	plain, ok := box.OpenAfterPrecomputation(nil, f.body[len(messageName)+shortNonce:], nonce(s.theirs, count), &s.shared)
	if !ok {
		return frame{}, errForged
	}
	return frame{more: plain[0]&messageMore != 0, command: plain[0]&messageCommand != 0, body: plain[1:]}, nil
}
