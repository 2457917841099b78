package zmtp

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// command makes the body of a command.
func command(name string, data []byte) []byte {
	body := make([]byte, 0, 1+len(name)+len(data))
	body = append(body, byte(len(name)))
	body = append(body, name...)
	return append(body, data...)
}

// splitCommand takes the body of a command apart.
func splitCommand(body []byte) (name string, data []byte, err error) {
	if len(body) == 0 || len(body) < 1+int(body[0]) {
		return "", nil, errors.New("a command is cut short")
	}
	end := 1 + int(body[0])
	return string(body[1:end]), body[end:], nil
}

// expect takes the data out of a command, which has to be the one that is named.
func expect(f frame, name string) ([]byte, error) {
	got, data, err := splitCommand(f.body)
	switch {
	case !f.command:
		return nil, fmt.Errorf("the peer sent a message in place of the command %s", name)
	case err != nil:
		return nil, err
	case got == "ERROR":
		return nil, refusal(data)
	case got != name:
		return nil, fmt.Errorf("the peer sent the command %q in place of %s", got, name)
	}
	return data, nil
}

// refusal is what an ERROR command says.
func refusal(data []byte) error {
	if len(data) == 0 || len(data) < 1+int(data[0]) {
		return errors.New("the peer refuses")
	}
	return fmt.Errorf("the peer refuses: %q", data[1:1+int(data[0])])
}

// Names of the metadata that both sides send.
const (
	socketType     = "Socket-Type"
	socketIdentity = "Identity"
)

// maxIdentity is the longest name of a peer, in bytes.
const maxIdentity = 255

// metadata is what we say about our socket.
func metadata(t SocketType, identity string) []byte {
	data := property(nil, socketType, string(t))
	if identity != "" {
		data = property(data, socketIdentity, identity)
	}
	return data
}

func property(data []byte, name, value string) []byte {
	data = append(data, byte(len(name)))
	data = append(data, name...)
	data = binary.BigEndian.AppendUint32(data, uint32(len(value)))
	return append(data, value...)
}

// parseMetadata reads what the peer says about its socket; what else it says is passed over.
func parseMetadata(data []byte, ours SocketType) (Peer, error) {
	var p Peer
	for len(data) > 0 {
		name, value, rest, err := takeProperty(data)
		if err != nil {
			return p, err
		}
		switch name {
		case socketType:
			p.Type = SocketType(value)
		case socketIdentity:
			p.Identity = value
		}
		data = rest
	}
	switch {
	case len(p.Identity) > maxIdentity:
		return p, fmt.Errorf("the peer's identity has %d bytes, and at most %d are allowed", len(p.Identity), maxIdentity)
	case !ours.fits(p.Type):
		return p, fmt.Errorf("a socket of type %q cannot talk to one of type %s", p.Type, ours)
	}
	return p, nil
}

func takeProperty(data []byte) (name, value string, rest []byte, err error) {
	short := errors.New("the metadata is cut short")
	n := int(data[0])
	if len(data) < 1+n+4 {
		return "", "", nil, short
	}
	name, data = string(data[1:1+n]), data[1+n:]
	size := binary.BigEndian.Uint32(data)
	if data = data[4:]; uint64(len(data)) < uint64(size) {
		return "", "", nil, short
	}
	return name, string(data[:size]), data[size:], nil
}
