package messaging

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
)

// A guard stands between a connection and the ZeroMQ library that speaks ZMTP over it. It looks at
// each frame header before the library does, because the library allocates what a header asks for
// and a forged one would end the process. And it buffers both ways: the library reads and writes
// in pieces of two bytes.
type guard struct {
	net.Conn
	r      *bufio.Reader
	w      *bufio.Writer
	check  frameCheck
	opened bool // the handshake is over: writes are kept until flush
}

// Sizes of the buffers of one connection, in bytes.
const (
	readBuffer  = 16 << 10
	writeBuffer = 32 << 10
)

func newGuard(conn *countingConn) *guard {
	return &guard{
		Conn:  conn,
		r:     bufio.NewReaderSize(conn, readBuffer),
		w:     bufio.NewWriterSize(conn, writeBuffer),
		check: frameCheck{skip: greetingSize},
	}
}

// established ends the handshake.
func (g *guard) established() {
	g.opened = true
	g.check.established = true
}

func (g *guard) Read(p []byte) (int, error) {
	n, err := g.r.Read(p)
	if bad := g.check.feed(p[:n]); bad != nil {
		g.Conn.Close()
		return 0, bad
	}
	return n, err
}

func (g *guard) Write(p []byte) (int, error) {
	if !g.opened {
		return g.Conn.Write(p)
	}
	return g.w.Write(p)
}

// Limits for what a peer may send, in bytes unless said otherwise.
const (
	greetingSize     = 64
	maxHandshake     = 64 << 10
	maxMessage       = 512 << 20
	maxMessageFrames = maxIdentities + 6 + maxBuffers // frames
)

// Flags of a ZMTP 3 frame header; a long one has its size in eight bytes instead of one.
const (
	flagMore    = 1
	flagLong    = 2
	flagCommand = 4
)

var errCommand = errors.New("command frame after the handshake")

// A frameCheck follows the frames in a stream of bytes, however it is cut.
type frameCheck struct {
	established bool
	skip        int64 // bytes to come that are not a header
	header      [9]byte
	have        int   // bytes of header
	message     int64 // bytes of the message so far
	frames      int   // frames of the message so far
}

func (f *frameCheck) feed(p []byte) error {
	for len(p) > 0 {
		if f.skip > 0 {
			n := min(f.skip, int64(len(p)))
			f.skip -= n
			p = p[n:]
			continue
		}
		f.header[f.have] = p[0]
		f.have++
		p = p[1:]
		if f.have < f.headerSize() {
			continue
		}
		if err := f.begin(); err != nil {
			return err
		}
	}
	return nil
}

func (f *frameCheck) headerSize() int {
	if f.header[0]&flagLong != 0 {
		return 9
	}
	return 2
}

// begin checks the header that is complete now.
func (f *frameCheck) begin() error {
	flags, length := f.header[0], uint64(f.header[1])
	if flags&flagLong != 0 {
		length = binary.BigEndian.Uint64(f.header[1:])
	}
	f.have = 0
	f.frames++
	limit := uint64(maxMessage - f.message)
	if !f.established {
		limit = maxHandshake
	}
	switch {
	case length > limit:
		return fmt.Errorf("frame of %d bytes is longer than is allowed", length)
	case f.frames > maxMessageFrames:
		return fmt.Errorf("message has more than %d frames", maxMessageFrames)
	case flags&flagCommand != 0 && f.established:
		// A peer that speaks ZMTP 3.0, as it has agreed with us to do, sends none.
		return errCommand
	}
	f.skip = int64(length)
	f.message += f.skip
	if flags&flagMore == 0 {
		f.message, f.frames = 0, 0
	}
	return nil
}

// A countingConn knows how many bytes went out, also in the middle of a long write.
type countingConn struct {
	net.Conn
	out atomic.Int64
}

// writePiece is what is written at once, in bytes.
const writePiece = 256 << 10

func (c *countingConn) Write(p []byte) (int, error) {
	total := 0
	for {
		n, err := c.Conn.Write(p[:min(len(p), writePiece)])
		c.out.Add(int64(n))
		total += n
		if p = p[n:]; err != nil || len(p) == 0 {
			return total, err
		}
	}
}
