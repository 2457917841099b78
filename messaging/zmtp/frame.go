package zmtp

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// Flags of a frame. A long one has its size in eight bytes instead of one.
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

// A frame is a part of a message, or a command.
type frame struct {
	more    bool // another part follows
	command bool
	body    []byte
}

// readFrame reads a frame of at most so many bytes.
func readFrame(r *bufio.Reader, most int64) (frame, error) {
	var head [9]byte
	if _, err := io.ReadFull(r, head[:2]); err != nil {
		return frame{}, err
	}
	flags, size := head[0], uint64(head[1])
	if flags&flagLong != 0 {
		if _, err := io.ReadFull(r, head[2:]); err != nil {
			return frame{}, err
		}
		size = binary.BigEndian.Uint64(head[1:])
	}
	switch {
	case flags&^(flagMore|flagLong|flagCommand) != 0:
		return frame{}, fmt.Errorf("a frame has the flags %#x", flags)
	case flags&flagMore != 0 && flags&flagCommand != 0:
		return frame{}, fmt.Errorf("a command is part of a message")
	case size > uint64(max(most, 0)):
		return frame{}, fmt.Errorf("a frame of %d bytes is longer than is allowed", size)
	}
	body, err := readBody(r, int(size))
	return frame{more: flags&flagMore != 0, command: flags&flagCommand != 0, body: body}, err
}

// believed is how much is allocated because a header asks for it, in bytes.
const believed = 1 << 20

// readBody grows what it returns as the bytes come: the header may be a lie.
func readBody(r *bufio.Reader, size int) ([]byte, error) {
	if size <= believed {
		body := make([]byte, size)
		_, err := io.ReadFull(r, body)
		return body, err
	}
	body := new(bytes.Buffer)
	if _, err := io.CopyN(body, r, int64(size)); err != nil {
		return nil, err
	}
	return body.Bytes(), nil
}

func writeFrame(w *bufio.Writer, f frame) error {
	var head [9]byte
	if f.more {
		head[0] |= flagMore
	}
	if f.command {
		head[0] |= flagCommand
	}
	n := 2
	if len(f.body) <= 0xff {
		head[1] = byte(len(f.body))
	} else {
		head[0] |= flagLong
		binary.BigEndian.PutUint64(head[1:], uint64(len(f.body)))
		n = len(head)
	}
	if _, err := w.Write(head[:n]); err != nil {
		return err
	}
	_, err := w.Write(f.body)
	return err
}
