package zmtp

import (
	"encoding/binary"

	"golang.org/x/crypto/nacl/box"
)

// curveClient is the side that knows the other's public key.
type curveClient struct{ server Key }

// Counters of the nonces of a client's handshake.
const (
	helloCount    = 1
	initiateCount = 2
)

func (c curveClient) handshake(z *Conn) ([]byte, error) {
	public, secret, err := GenerateKey() // for this connection
	if err != nil {
		return nil, err
	}
	if err := z.tell("HELLO", c.hello(&public, &secret)); err != nil {
		return nil, err
	}
	welcome, err := z.hear("WELCOME")
	if err != nil {
		return nil, err
	}
	server, cookie, err := c.openWelcome(welcome, &secret)
	if err != nil {
		return nil, err
	}
	initiate, err := c.initiate(metadata(z.config.Type, z.config.Identity), cookie, server, &public, &secret)
	if err != nil {
		return nil, err
	}
	if err := z.tell("INITIATE", initiate); err != nil {
		return nil, err
	}
	ready, err := z.hear("READY")
	if err != nil {
		return nil, err
	}
	if len(ready) < shortNonce+box.Overhead {
		return nil, errSize
	}
	count := ready[:shortNonce]
	data, ok := box.Open(nil, ready[shortNonce:], nonce(nonceReady, count), server.array(), secret.array())
	if !ok {
		return nil, errForged
	}
	z.seal = newSeal(server, &secret, false, initiateCount, binary.BigEndian.Uint64(count))
	return data, nil
}

// hello is as long as what comes back, so that a server cannot be used to flood somebody else.
func (c curveClient) hello(public, secret *Key) []byte {
	hello := make([]byte, 2+72, helloSize)
	hello[0] = 1 // version 1.0
	hello = append(hello, public[:]...)
	count := counted(helloCount)
	hello = append(hello, count...)
	return box.Seal(hello, make([]byte, 64), nonce(nonceHello, count), c.server.array(), secret.array())
}

func (c curveClient) openWelcome(welcome []byte, secret *Key) (server *Key, cookie []byte, err error) {
	if len(welcome) != welcomeSize {
		return nil, nil, errSize
	}
	plain, ok := box.Open(nil, welcome[longNonce:], nonce(nonceWelcome, welcome[:longNonce]), c.server.array(), secret.array())
	if !ok {
		return nil, nil, errForged
	}
	key := Key(plain[:keySize])
	return &key, plain[keySize:], nil
}

// initiate vouches with a lasting key that the key of this connection is ours. No server of ours
// knows clients by their keys, so that one is made up too.
func (c curveClient) initiate(data, cookie []byte, server, public, secret *Key) ([]byte, error) {
	lasting, lastingSecret, err := GenerateKey()
	if err != nil {
		return nil, err
	}
	n := random()
	vouched := append(public[:len(public):len(public)], c.server[:]...)
	vouch := box.Seal(n, vouched, nonce(nonceVouch, n), server.array(), lastingSecret.array())

	plain := append(lasting[:len(lasting):len(lasting)], vouch...)
	plain = append(plain, data...)
	count := counted(initiateCount)
	initiate := append(append([]byte{}, cookie...), count...)
	return box.Seal(initiate, plain, nonce(nonceInitiate, count), server.array(), secret.array()), nil
}
