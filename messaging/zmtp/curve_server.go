package zmtp

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/binary"

	"golang.org/x/crypto/nacl/box"
	"golang.org/x/crypto/nacl/secretbox"
)

// curveServer is the side whose public key is known.
type curveServer struct{ public, secret Key }

// handshake is HELLO, WELCOME, INITIATE and READY. The cookie is what lets a server forget the client
// between the first two; this one remembers, but the client has to send it back all the same.
func (c curveServer) handshake(z *Conn) ([]byte, error) {
	hello, err := z.hear("HELLO")
	if err != nil {
		return nil, err
	}
	client, err := c.openHello(hello)
	if err != nil {
		return nil, err
	}
	public, secret, err := GenerateKey() // for this connection
	if err != nil {
		return nil, err
	}
	cookie := c.cookie(client, &secret)
	if err := z.tell("WELCOME", c.welcome(client, &public, cookie)); err != nil {
		return nil, err
	}
	initiate, err := z.hear("INITIATE")
	if err != nil {
		return nil, err
	}
	data, got, err := c.openInitiate(initiate, cookie, client, &secret)
	if err != nil {
		return nil, err
	}
	const first = 1
	ready := box.Seal(counted(first), metadata(z.config.Type, z.config.Identity), nonce(nonceReady, counted(first)), client.array(), secret.array())
	z.seal = newSeal(client, &secret, true, first, got)
	return data, z.tell("READY", ready)
}

// openHello takes the client's key for this connection out of its first command, and checks that the
// client knows ours.
func (c curveServer) openHello(hello []byte) (*Key, error) {
	if len(hello) != helloSize || hello[0] != 1 {
		return nil, errSize
	}
	rest := hello[2+72:]
	client := Key(rest[:keySize])
	count, sealed := rest[keySize:keySize+shortNonce], rest[keySize+shortNonce:]
	if _, ok := box.Open(nil, sealed, nonce(nonceHello, count), client.array(), c.secret.array()); !ok {
		return nil, errForged
	}
	return &client, nil
}

// cookie is sealed with a key that nobody else ever knows.
func (c curveServer) cookie(client, secret *Key) []byte {
	var key [keySize]byte
	rand.Read(key[:]) // never fails
	n := random()
	plain := append(client[:len(client):len(client)], secret[:]...)
	return secretbox.Seal(n, plain, nonce(nonceCookie, n), &key)
}

func (c curveServer) welcome(client, public *Key, cookie []byte) []byte {
	n := random()
	plain := append(public[:len(public):len(public)], cookie...)
	return box.Seal(n, plain, nonce(nonceWelcome, n), client.array(), c.secret.array())
}

// openInitiate takes out the client's metadata, and checks its vouch: the key of this connection is that of
// the client with the lasting key.
func (c curveServer) openInitiate(initiate, cookie []byte, client, secret *Key) (data []byte, count uint64, err error) {
	if len(initiate) < leastInitiate {
		return nil, 0, errSize
	}
	if subtle.ConstantTimeCompare(initiate[:cookieSize], cookie) != 1 {
		return nil, 0, errForged
	}
	short := initiate[cookieSize:][:shortNonce]
	plain, ok := box.Open(nil, initiate[cookieSize+shortNonce:], nonce(nonceInitiate, short), client.array(), secret.array())
	if !ok {
		return nil, 0, errForged
	}
	lasting := Key(plain[:keySize])
	vouch := plain[keySize : keySize+vouchSize]
	vouched, ok := box.Open(nil, vouch[longNonce:], nonce(nonceVouch, vouch[:longNonce]), lasting.array(), secret.array())
	if !ok || string(vouched) != string(client[:])+string(c.public[:]) {
		return nil, 0, errForged
	}
	return plain[keySize+vouchSize:], binary.BigEndian.Uint64(short), nil
}
