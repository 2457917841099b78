package messaging

import (
	"errors"
	"fmt"
)

// delimiter ends the routing prefix of a message on the wire.
const delimiter = "<IDS|MSG>"

// Bounds that no honest message comes near; a message beyond them is refused before it is looked at.
const (
	maxIdentities = 16
	maxBuffers    = 4096
)

var errNoDelimiter = errors.New("no <IDS|MSG> delimiter")

// parts is a message as it travels: the frames by their role, nothing decoded.
type parts struct {
	identities [][]byte // routing prefix; on IOPub the topic
	signature  []byte   // lower-case hex, empty when messages are not signed
	header     []byte
	parent     []byte
	metadata   []byte
	content    []byte
	buffers    [][]byte // not signed
}

// split sorts the frames of a message by their role. It shares memory with frames.
func split(frames [][]byte) (parts, error) {
	at, err := findDelimiter(frames)
	if err != nil {
		return parts{}, err
	}
	rest := frames[at+1:]
	if len(rest) < 5 {
		return parts{}, fmt.Errorf("message is cut short: %d frames after the delimiter, want at least 5", len(rest))
	}
	if len(rest)-5 > maxBuffers {
		return parts{}, fmt.Errorf("message has %d buffers, at most %d are taken", len(rest)-5, maxBuffers)
	}
	return parts{
		identities: frames[:at:at],
		signature:  rest[0],
		header:     rest[1],
		parent:     rest[2],
		metadata:   rest[3],
		content:    rest[4],
		buffers:    rest[5:],
	}, nil
}

func findDelimiter(frames [][]byte) (int, error) {
	for i, f := range frames {
		if i > maxIdentities {
			break
		}
		if string(f) == delimiter {
			return i, nil
		}
	}
	return 0, errNoDelimiter
}

// join is the opposite of split.
func (p parts) join() [][]byte {
	frames := make([][]byte, 0, len(p.identities)+6+len(p.buffers))
	frames = append(frames, p.identities...)
	frames = append(frames, []byte(delimiter), p.signature, p.header, p.parent, p.metadata, p.content)
	return append(frames, p.buffers...)
}
