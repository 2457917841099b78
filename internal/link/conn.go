package link

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"sync"
)

// maxFrame bounds a frame: more than any bundle that a browser takes.
const maxFrame = 1 << 30

// kinds maps the letter of a frame to its message.
var kinds = map[byte]reflect.Type{
	'a': reflect.TypeFor[Ask](),
	'c': reflect.TypeFor[Clear](),
	'd': reflect.TypeFor[Done](),
	'i': reflect.TypeFor[Input](),
	'k': reflect.TypeFor[Shown](),
	'l': reflect.TypeFor[Look](),
	'q': reflect.TypeFor[Quit](),
	'r': reflect.TypeFor[Run](),
	's': reflect.TypeFor[Show](),
	'v': reflect.TypeFor[Seen](),
	'y': reflect.TypeFor[Ready](),
}

var letters = func() map[reflect.Type]byte {
	m := map[reflect.Type]byte{}
	for letter, t := range kinds {
		m[t] = letter
	}
	return m
}()

// A Conn is one end of the connection between front and worker. Send may be called from several
// goroutines, Receive from one at a time.
type Conn struct {
	stream io.ReadWriteCloser
	reader *bufio.Reader
	sends  sync.Mutex
}

// NewConn makes a connection of a byte stream, which it owns.
func NewConn(stream io.ReadWriteCloser) *Conn {
	return &Conn{stream: stream, reader: bufio.NewReader(stream)}
}

// Send sends a message, one of the structs of this package by value.
func (c *Conn) Send(message any) error {
	letter, ok := letters[reflect.TypeOf(message)]
	if !ok {
		return fmt.Errorf("link: %T is not a message", message)
	}
	content, err := json.Marshal(message)
	if err != nil {
		return fmt.Errorf("link: encoding %T: %w", message, err)
	}
	if len(content) >= maxFrame {
		return fmt.Errorf("link: %T of %d bytes is too large", message, len(content))
	}
	frame := make([]byte, 0, 5+len(content))
	frame = binary.LittleEndian.AppendUint32(frame, uint32(1+len(content)))
	frame = append(frame, letter)
	frame = append(frame, content...)
	c.sends.Lock()
	defer c.sends.Unlock()
	if _, err := c.stream.Write(frame); err != nil {
		return fmt.Errorf("link: sending %T: %w", message, err)
	}
	return nil
}

// Receive waits for the next message, and returns it by value. At the end of the connection the
// error is io.EOF.
func (c *Conn) Receive() (any, error) {
	var head [5]byte
	if _, err := io.ReadFull(c.reader, head[:]); err != nil {
		return nil, err
	}
	size, letter := binary.LittleEndian.Uint32(head[:]), head[4]
	t, ok := kinds[letter]
	if !ok || size == 0 || size > maxFrame {
		return nil, fmt.Errorf("link: frame of kind %q and %d bytes", letter, size)
	}
	content := make([]byte, size-1)
	if _, err := io.ReadFull(c.reader, content); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	message := reflect.New(t)
	if err := json.Unmarshal(content, message.Interface()); err != nil {
		return nil, fmt.Errorf("link: decoding %v: %w", t, err)
	}
	return message.Elem().Interface(), nil
}

// Close ends the connection, for both sides.
func (c *Conn) Close() error { return c.stream.Close() }
