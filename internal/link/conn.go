package link

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"sync"
)

// maxFrame bounds a frame: more than any bundle that a browser takes.
const maxFrame = 1 << 30

// lengthSize is the size of what stands before a frame.
const lengthSize = 4

// kinds maps the letter of a frame to its message.
var kinds = map[byte]reflect.Type{
	'a': reflect.TypeFor[Ask](),
	'c': reflect.TypeFor[Clear](),
	'd': reflect.TypeFor[Done](),
	'i': reflect.TypeFor[Input](),
	'k': reflect.TypeFor[Shown](),
	'x': reflect.TypeFor[Interrupt](),
	'l': reflect.TypeFor[Look](),
	'q': reflect.TypeFor[Quit](),
	'r': reflect.TypeFor[Run](),
	's': reflect.TypeFor[Show](),
	't': reflect.TypeFor[Tell](),
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
	frame := bytes.NewBuffer([]byte{0, 0, 0, 0, letter})
	encoder := json.NewEncoder(frame)
	encoder.SetEscapeHTML(false) // a table has thousands of brackets
	if err := encoder.Encode(message); err != nil {
		return fmt.Errorf("link: encoding %T: %w", message, err)
	}
	if frame.Len() > maxFrame {
		return fmt.Errorf("link: %T of %d bytes is too large", message, frame.Len())
	}
	binary.LittleEndian.PutUint32(frame.Bytes(), uint32(frame.Len()-lengthSize))
	c.sends.Lock()
	defer c.sends.Unlock()
	if _, err := c.stream.Write(frame.Bytes()); err != nil {
		return fmt.Errorf("link: sending %T: %w", message, err)
	}
	return nil
}

// Receive waits for the next message, and returns it by value. At the end of the connection the
// error is io.EOF.
func (c *Conn) Receive() (any, error) {
	var head [lengthSize + 1]byte
	if _, err := io.ReadFull(c.reader, head[:]); err != nil {
		return nil, err
	}
	size, letter := binary.LittleEndian.Uint32(head[:]), head[4]
	t, ok := kinds[letter]
	if !ok || size == 0 || size > maxFrame {
		return nil, fmt.Errorf("link: frame of kind %q and %d bytes", letter, size)
	}
	// It grows as the bytes come: the length may be a lie.
	content := new(bytes.Buffer)
	if _, err := io.CopyN(content, c.reader, int64(size-1)); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	message := reflect.New(t)
	if err := json.Unmarshal(content.Bytes(), message.Interface()); err != nil {
		return nil, fmt.Errorf("link: decoding %v: %w", t, err)
	}
	return message.Elem().Interface(), nil
}

// Close ends the connection, for both sides.
func (c *Conn) Close() error { return c.stream.Close() }
