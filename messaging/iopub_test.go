package messaging

import (
	"context"
	"encoding/json"
	"log/slog"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A gate is a socket that keeps what is sent, and sends nothing while it is shut.
type gate struct {
	sent chan [][]byte
	open chan struct{}
}

func newGate(t *testing.T) (*gate, *Publisher) {
	g := &gate{sent: make(chan [][]byte, 10000), open: make(chan struct{}, 10000)}
	p := NewPublisher(NewSession("", "kernel"), g, slog.New(slog.DiscardHandler))
	t.Cleanup(func() {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		p.Close(ctx)
	})
	return g, p
}

func (g *gate) Address() string                        { return "" }
func (g *gate) Recv(context.Context) ([][]byte, error) { return nil, ErrClosed }
func (g *gate) Close(context.Context) error            { return nil }

func (g *gate) Send(ctx context.Context, frames [][]byte) error {
	select {
	case <-g.open:
		g.sent <- frames
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// pass lets n messages through.
func (g *gate) pass(n int) {
	for range n {
		g.open <- struct{}{}
	}
}

// published is a message in short: its type, and for text the stream and the text.
type published struct{ what, text string }

func (g *gate) next(t *testing.T) published {
	t.Helper()
	g.pass(1)
	select {
	case frames := <-g.sent:
		m, err := NewSession("", "").Parse(IOPub, frames)
		require.NoError(t, err)
		if m.Header.Type != TypeStream {
			return published{string(m.Header.Type), string(m.Content)}
		}
		var s Stream
		require.NoError(t, json.Unmarshal(m.Content, &s))
		assert.True(t, strings.HasSuffix(string(m.Identities[0]), ".stream."+s.Name))
		return published{s.Name, s.Text}
	case <-within(t).Done():
		require.Fail(t, "nothing was published")
		panic("unreachable")
	}
}

func request(id string) *Message {
	return &Message{RawHeader: json.RawMessage(`{"msg_id":"` + id + `"}`)}
}

func TestTextIsSentByItself(t *testing.T) {
	g, p := newGate(t)
	p.Outputs(request("1")).Stream(Stdout, "hello")
	assert.Equal(t, published{Stdout, "hello"}, g.next(t))
}

func TestTextIsCollectedAndWhole(t *testing.T) {
	g, p := newGate(t)
	o := p.Outputs(request("1"))
	const lines = 100_000
	go func() {
		for range lines {
			o.Stream(Stdout, "0123456789\n")
		}
		assert.NoError(t, o.Publish("end", struct{}{}))
	}()
	var text strings.Builder
	messages := 0
	for {
		got := g.next(t)
		if got.what == "end" {
			break
		}
		messages++
		text.WriteString(got.text)
	}
	assert.Equal(t, strings.Repeat("0123456789\n", lines), text.String())
	assert.Less(t, messages, lines/100)
}

// TestTextWithSomethingBehindItDoesNotWait has a publisher that does not run, so that nothing is
// taken in between.
func TestTextWithSomethingBehindItDoesNotWait(t *testing.T) {
	p := &Publisher{session: NewSession("", "kernel"), room: make(chan struct{}), wake: make(chan struct{}, 1)}
	o := p.Outputs(request("1"))
	o.Stream(Stdout, "text")
	next, wait, _ := p.first()
	assert.Nil(t, next, "more may come")
	assert.Positive(t, wait)
	require.NoError(t, p.Publish(nil, TypeStatus, KernelStatus{Idle}))
	next, _, _ = p.first()
	require.NotNil(t, next)
	assert.Equal(t, "text", string(next.text))

	next, _, _ = p.first()
	require.NotNil(t, next)
	assert.Equal(t, TypeStatus, next.message.Header.Type)
	assert.Zero(t, p.queued)
	o.Stream(Stdout, "text")
	o.Flush()
	next, _, _ = p.first()
	assert.NotNil(t, next, "flushed")
}

// TestTextOfTwoRequestsIsCollected lets two cells print line by line at the same time.
func TestTextOfTwoRequestsIsCollected(t *testing.T) {
	p := &Publisher{session: NewSession("", "kernel"), room: make(chan struct{}), wake: make(chan struct{}, 1)}
	one, two := p.Outputs(request("1")), p.Outputs(request("2"))
	for range 3 {
		one.Stream(Stdout, "a")
		two.Stream(Stdout, "b")
	}
	two.Stream(Stderr, "c")
	one.Stream(Stdout, "a")
	two.Stream(Stdout, "b")
	next, wait, _ := p.first()
	assert.Nil(t, next, "more may come")
	assert.Positive(t, wait)
	two.Flush()
	for _, want := range []published{{Stdout, "aaaa"}, {Stdout, "bbb"}, {Stderr, "c"}, {Stdout, "b"}} {
		next, _, _ := p.first()
		require.NotNil(t, next)
		assert.Equal(t, want, published{next.stream, string(next.text)})
	}
	assert.Zero(t, p.queued)
}

func TestOrderIsKept(t *testing.T) {
	g, p := newGate(t)
	one, two := p.Outputs(request("1")), p.Outputs(request("2"))
	one.Stream(Stdout, "a")
	one.Stream(Stdout, "b")
	one.Stream(Stderr, "c")
	one.Stream(Stdout, "d")
	two.Stream(Stdout, "e")
	require.NoError(t, p.Publish(nil, TypeStatus, KernelStatus{Idle}))
	one.Stream(Stdout, "f")
	for _, want := range []published{{Stdout, "ab"}, {Stderr, "c"}, {Stdout, "d"}, {Stdout, "e"}, {"status", `{"execution_state":"idle"}`}, {Stdout, "f"}} {
		assert.Equal(t, want, g.next(t))
	}
}

func TestCodePointsAreNotCut(t *testing.T) {
	tests := []struct {
		name   string
		writes []string
		want   []published
	}{
		{"in two writes", []string{"a\xe2\x82", "\xac!"}, []published{{Stdout, "a€!"}}},
		{"byte by byte", []string{"\xf0", "\x9f", "\x98", "\x80"}, []published{{Stdout, "😀"}}},
		{"never finished", []string{"a\xf0\x9f"}, []published{{Stdout, "a\ufffd\ufffd"}}},
		{"not UTF-8 in the middle", []string{"a\xffb"}, []published{{Stdout, "a\ufffdb"}}},
		{"not UTF-8 at the end", []string{"a\xff"}, []published{{Stdout, "a\ufffd"}}},
		{"continuation bytes only", []string{"\x80\x80\x80\x80\x80"}, []published{{Stdout, strings.Repeat("\ufffd", 5)}}},
		{"carriage returns stay", []string{"a\rb\bc"}, []published{{Stdout, "a\rb\bc"}}},
		{"nothing", []string{""}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			g, p := newGate(t)
			o := p.Outputs(request("1"))
			for _, text := range tt.writes {
				o.Stream(Stdout, text)
			}
			o.Flush()
			require.NoError(t, p.Publish(nil, "end", struct{}{}))
			for _, want := range tt.want {
				assert.Equal(t, want, g.next(t))
			}
			assert.Equal(t, "end", g.next(t).what)
		})
	}
}

func TestStreamsDoNotLendEachOtherBytes(t *testing.T) {
	g, p := newGate(t)
	o := p.Outputs(request("1"))
	o.Stream(Stdout, "\xe2\x82")
	o.Stream(Stderr, "x")
	o.Stream(Stdout, "\xac")
	assert.Equal(t, published{Stderr, "x"}, g.next(t))
	assert.Equal(t, published{Stdout, "€"}, g.next(t))
}

func TestLargeWriteIsCutBetweenCodePoints(t *testing.T) {
	g, p := newGate(t)
	want := "x" + strings.Repeat("😀", 100_000)
	p.Outputs(request("1")).Stream(Stdout, want)
	var got strings.Builder
	for got.Len() < len(want) {
		part := g.next(t)
		require.True(t, utf8.ValidString(part.text))
		require.NotContains(t, part.text, "\ufffd")
		require.LessOrEqual(t, len(part.text), streamSize)
		got.WriteString(part.text)
	}
	assert.Equal(t, want, got.String())
}

func TestTextWaitsAndStatusDoesNot(t *testing.T) {
	g, p := newGate(t)
	o := p.Outputs(request("1"))
	written := make(chan int)
	go func() {
		total := 0
		for range 100 {
			o.Stream(Stdout, strings.Repeat("x", streamSize))
			total += streamSize
		}
		written <- total
	}()
	require.Eventually(t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.queued >= maxPending
	}, patience, 1e6)
	require.NoError(t, p.Publish(nil, TypeStatus, KernelStatus{Busy}), "does not wait")
	select {
	case <-written:
		assert.Fail(t, "6.4 MB of text found room in a queue of 1 MB")
	default:
	}
	p.mu.Lock()
	assert.LessOrEqual(t, p.queued, maxPending+2*streamSize)
	p.mu.Unlock()

	status := 0
	for total := 0; total < 100*streamSize; {
		got := g.next(t)
		if got.what == "status" {
			assert.LessOrEqual(t, total, maxPending+2*streamSize, "status passes the flood")
			status++
			continue
		}
		total += len(got.text)
	}
	assert.Equal(t, 1, status)
	assert.Equal(t, 100*streamSize, <-written)
}

func TestDisplaysWaitToo(t *testing.T) {
	g, p := newGate(t)
	o := p.Outputs(request("1"))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 30 {
			assert.NoError(t, o.Publish(TypeDisplayData, strings.Repeat("x", 100_000)))
		}
	}()
	require.Eventually(t, func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		return p.queued >= maxPending
	}, patience, 1e6)
	select {
	case <-done:
		assert.Fail(t, "3 MB of displays found room in a queue of 1 MB")
	default:
	}
	for range 30 {
		g.next(t)
	}
	<-done
}

func TestPublishRefusesWhatIsNotJSON(t *testing.T) {
	_, p := newGate(t)
	o := p.Outputs(request("1"))
	require.Error(t, o.Publish(TypeDisplayData, math.Inf(1)))
	require.Error(t, p.Publish(nil, TypeDisplayData, func() {}))
}

func TestClosedPublisher(t *testing.T) {
	g, p := newGate(t)
	o := p.Outputs(request("1"))
	o.Stream(Stdout, "last words")
	g.pass(1)
	p.Close(within(t))
	assert.Equal(t, published{Stdout, "last words"}, g.next(t), "what was queued is sent")
	require.ErrorIs(t, p.Publish(nil, TypeStatus, KernelStatus{Idle}), ErrClosed)
	require.ErrorIs(t, o.Publish(TypeStatus, KernelStatus{Idle}), ErrClosed)
	o.Stream(Stdout, "too late")
	o.Flush()
	p.Close(within(t))
}

func TestCloseFreesWhoWaits(t *testing.T) {
	_, p := newGate(t)
	o := p.Outputs(request("1"))
	done := make(chan struct{})
	go func() {
		defer close(done)
		o.Stream(Stdout, strings.Repeat("x", 10*maxPending))
	}()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p.Close(ctx)
	select {
	case <-done:
	case <-within(t).Done():
		assert.Fail(t, "the writer still waits")
	}
}
