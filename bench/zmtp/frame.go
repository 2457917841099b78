package zmtp

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// Flags of a frame, ZMTP 3.0 section "Framing".
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// maxFrame bounds what a broken peer can make the client allocate.
const maxFrame = 1 << 30

// Encode gives the bytes of one message, to be prepared before it is sent with Write.
func Encode(frames ...[]byte) []byte {
	var b []byte
	for i, f := range frames {
		flags := byte(0)
		if i < len(frames)-1 {
			flags = flagMore
		}
		b = appendFrame(b, flags, f)
	}
	return b
}

func appendFrame(b []byte, flags byte, body []byte) []byte {
	if len(body) < 256 {
		b = append(b, flags, byte(len(body)))
	} else {
		b = append(b, flags|flagLong)
		b = binary.BigEndian.AppendUint64(b, uint64(len(body)))
	}
	return append(b, body...)
}

func readFrame(r *bufio.Reader) (flags byte, body []byte, err error) {
	flags, err = r.ReadByte()
	if err != nil {
		return 0, nil, err
	}
	size, err := readSize(r, flags&flagLong != 0)
	if err != nil {
		return 0, nil, noEOF(err)
	}
	body = make([]byte, size)
	_, err = io.ReadFull(r, body)
	return flags, body, noEOF(err)
}

func readSize(r *bufio.Reader, long bool) (uint64, error) {
	if !long {
		size, err := r.ReadByte()
		return uint64(size), err
	}
	var buf [8]byte
	if _, err := io.ReadFull(r, buf[:]); err != nil {
		return 0, err
	}
	size := binary.BigEndian.Uint64(buf[:])
	if size > maxFrame {
		return 0, fmt.Errorf("a frame of %d bytes", size)
	}
	return size, nil
}

// noEOF tells an end in the middle of a frame from one between frames.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
