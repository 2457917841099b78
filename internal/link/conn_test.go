package link_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
)

// pair are the two ends of a connection.
func pair(t *testing.T) (front, worker *link.Conn) {
	a, b := net.Pipe()
	front, worker = link.NewConn(a), link.NewConn(b)
	t.Cleanup(func() { front.Close(); worker.Close() })
	return front, worker
}

func TestEveryMessage(t *testing.T) {
	front, worker := pair(t)
	for _, m := range []any{
		link.Ready{PID: 7},
		link.Run{ID: 1, Object: "/objects/a.so", Unit: "a", Input: true},
		link.Done{ID: 1, Declared: []string{"x#1"}, Failure: &link.Failure{Kind: link.Panicked, Name: "panic", Value: "boom", Frames: []link.Frame{{Function: "main.f", File: "cell", Line: 3}}}},
		link.Show{Data: map[string]json.RawMessage{"text/plain": json.RawMessage(`"1 < 2 & 3"`)}, Metadata: map[string]json.RawMessage{}, Result: true},
		link.Interrupt{ID: 1},
		link.Clear{Wait: true},
		link.Shown{},
		link.Ask{Prompt: "name? ", Password: true},
		link.Input{Text: "gö\x00pher"},
		link.Look{ID: 2, Keys: []string{"x#1"}},
		link.Seen{ID: 2, Variables: []link.Variable{{Key: "x#1", Type: "int", Value: "1"}}},
		link.Quit{},
	} {
		t.Run(fmt.Sprintf("%T", m), func(t *testing.T) {
			sent := make(chan error, 1)
			go func() { sent <- worker.Send(m) }()
			got, err := front.Receive()
			require.NoError(t, err)
			require.NoError(t, <-sent)
			require.Equal(t, m, got)
		})
	}
}

func TestSendOnlyMessages(t *testing.T) {
	front, _ := pair(t)
	require.ErrorContains(t, front.Send("text"), "not a message")
	require.ErrorContains(t, front.Send(link.Show{Data: map[string]json.RawMessage{"x": json.RawMessage(`{`)}}), "encoding")
}

// TestConcurrentSends shows that frames of several goroutines do not mix.
func TestConcurrentSends(t *testing.T) {
	front, worker := pair(t)
	const senders, each = 8, 100
	var group sync.WaitGroup
	for range senders {
		group.Go(func() {
			for n := range each {
				if err := worker.Send(link.Ask{Prompt: fmt.Sprint(n, bytes.Repeat([]byte("x"), n*10))}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range senders * each {
		m, err := front.Receive()
		require.NoError(t, err)
		require.IsType(t, link.Ask{}, m)
	}
	group.Wait()
}

func TestEnd(t *testing.T) {
	front, worker := pair(t)
	require.NoError(t, worker.Close())
	_, err := front.Receive()
	require.ErrorIs(t, err, io.EOF)
}

func TestBrokenFrames(t *testing.T) {
	frame := func(size uint32, rest string) []byte {
		return append(binary.LittleEndian.AppendUint32(nil, size), rest...)
	}
	for _, c := range []struct {
		name  string
		bytes []byte
	}{
		{"unknown kind", frame(3, "?{}")},
		{"no kind", frame(0, "")},
		{"too large", frame(1<<31, "r")},
		{"not JSON", frame(5, "r{\"ID")},
		{"wrong type", frame(10, `r{"ID":""}`)},
		{"cut", frame(100, "r{")},
		{"cut in the length", []byte{1, 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := link.NewConn(reader{bytes.NewReader(c.bytes)}).Receive()
			require.Error(t, err)
			require.NotErrorIs(t, err, io.EOF)
		})
	}
}

// reader is a stream that only reads.
type reader struct{ io.Reader }

func (reader) Write(p []byte) (int, error) { return len(p), nil }
func (reader) Close() error                { return nil }

// FuzzReceive gives it any bytes: it returns messages or an error, and uses no more memory than there
// are bytes.
func FuzzReceive(f *testing.F) {
	seeds, err := filepath.Glob("testdata/fuzz/FuzzReceive/*")
	require.NoError(f, err)
	require.NotEmpty(f, seeds, "no seeds")
	f.Fuzz(func(t *testing.T, data []byte) {
		c := link.NewConn(reader{bytes.NewReader(data)})
		for {
			if _, err := c.Receive(); err != nil {
				return
			}
		}
	})
}

// Example shows one cell's way over the connection.
func Example() {
	a, b := net.Pipe()
	front, worker := link.NewConn(a), link.NewConn(b)
	go func() {
		m, _ := worker.Receive()
		_ = worker.Send(link.Done{ID: m.(link.Run).ID, Declared: []string{"x"}})
	}()
	if err := front.Send(link.Run{ID: 1, Unit: "cell"}); err != nil {
		fmt.Println(err)
	}
	done, _ := front.Receive()
	fmt.Printf("%+v\n", done)
	// Output: {ID:1 Declared:[x] Failure:<nil> Stopped:false Late:[]}
}
