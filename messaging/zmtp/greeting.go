package zmtp

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// greetingSize is that of the first bytes that each side sends, without waiting for the other's.
const greetingSize = 64

// Offsets in a greeting.
const (
	signatureEnd  = 10
	minorVersion  = 11
	mechanismFrom = 12
	mechanismTo   = 32
	asServer      = 32
)

// greeting says who we are: version 3.1, the mechanism, and whether we are its server.
func greeting(mechanism string, server bool) []byte {
	g := make([]byte, greetingSize)
	g[0], g[signatureEnd-1], g[signatureEnd], g[minorVersion] = 0xff, 0x7f, 3, 1
	copy(g[mechanismFrom:mechanismTo], mechanism)
	if server {
		g[asServer] = 1
	}
	return g
}

var errNoZMTP = errors.New("the peer does not speak ZMTP")

// readGreeting reads the peer's and checks that it fits.
func readGreeting(r io.Reader, mechanism string) error {
	g := make([]byte, greetingSize)
	// The rest is not waited for: an older or another protocol may never send as much.
	if _, err := io.ReadFull(r, g[:signatureEnd+1]); err != nil {
		return fmt.Errorf("reading the greeting: %w", err)
	}
	if g[0] != 0xff || g[signatureEnd-1]&1 == 0 {
		return errNoZMTP
	}
	if version := g[signatureEnd]; version < 3 {
		return fmt.Errorf("the peer speaks ZMTP %d, which is too old", version)
	}
	if _, err := io.ReadFull(r, g[signatureEnd+1:]); err != nil {
		return fmt.Errorf("reading the greeting: %w", err)
	}
	if theirs := string(bytes.TrimRight(g[mechanismFrom:mechanismTo], "\x00")); theirs != mechanism {
		return fmt.Errorf("the peer wants the mechanism %q, and not %s", theirs, mechanism)
	}
	return nil
}
