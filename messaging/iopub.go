package messaging

import (
	"context"
	"log/slog"
	"sync"
	"time"
	"unicode/utf8"
)

// Stream text is collected before it is sent: a message for each write would be thousands a
// second, more than servers let through. ipykernel waits 200 ms; a person can see that.
const (
	streamDelay = 15 * time.Millisecond
	streamSize  = 64 << 10 // bytes of text that are sent without waiting
	// maxPending is how many bytes of output may wait; then who makes more waits.
	maxPending = 1 << 20
)

// A Publisher sends to IOPub all that goes there, in the order in which it was given. Nothing is
// ever dropped: what cells show waits for room, and status does not, so that busy, idle and the
// replies between them pass however much is being printed. Its methods may be called from any
// goroutine.
type Publisher struct {
	session *Session
	socket  Socket
	logger  *slog.Logger

	mu      sync.Mutex
	queue   []*pending
	queued  int           // bytes in queue
	room    chan struct{} // closed and replaced when queued shrinks
	closing bool

	wake    chan struct{}      // tells the writer of a change; holds one
	done    chan struct{}      // closed when the writer has ended
	abandon context.CancelFunc // ends a send that takes too long
}

// A pending is what one message will be made of: a message, or text that still grows.
type pending struct {
	message *Message

	parent *Message
	stream string
	text   []byte
	due    time.Time
}

// NewPublisher returns a publisher that sends on socket, which it does not close. Close ends it.
func NewPublisher(session *Session, socket Socket, logger *slog.Logger) *Publisher {
	ctx, abandon := context.WithCancel(context.Background())
	p := &Publisher{
		session: session,
		socket:  socket,
		logger:  logger,
		room:    make(chan struct{}),
		wake:    make(chan struct{}, 1),
		done:    make(chan struct{}),
		abandon: abandon,
	}
	go p.run(ctx) // ended by Close
	return p
}

// Publish queues a message; it never waits, and so is not for what cells can make any number of.
// Text that was given before is sent before. An error means that content cannot be written as
// JSON, or that the publisher is closed; nothing was queued.
func (p *Publisher) Publish(parent *Message, t Type, content any) error {
	m, err := p.message(parent, t, string(t), content)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.push(m)
}

func (p *Publisher) push(m *Message) error {
	if p.closing {
		return ErrClosed
	}
	next := &pending{message: m}
	p.queue = append(p.queue, next)
	p.queued += next.size()
	p.notify()
	return nil
}

func (p *Publisher) message(parent *Message, t Type, topic string, content any) (*Message, error) {
	m, err := p.session.Message(t, parent, content)
	if err != nil {
		return nil, err
	}
	m.Channel = IOPub
	m.Identities = [][]byte{p.topic(topic)}
	return m, nil
}

// topic is the form that ipykernel gives its topics; front ends subscribe to all of them.
func (p *Publisher) topic(name string) []byte {
	return []byte("kernel." + p.session.ID() + "." + name)
}

// lockWithRoom waits until there is room, and returns with the lock held. It does not when the
// publisher is closed.
func (p *Publisher) lockWithRoom() bool {
	for {
		p.mu.Lock()
		if p.closing {
			p.mu.Unlock()
			return false
		}
		if p.queued < maxPending {
			return true
		}
		room := p.room
		p.mu.Unlock()
		select {
		case <-room:
		case <-p.done:
		}
	}
}

// publishWithRoom is Publish for what has to wait for room.
func (p *Publisher) publishWithRoom(parent *Message, t Type, content any) error {
	m, err := p.message(parent, t, string(t), content)
	if err != nil {
		return err
	}
	return p.pushWithRoom(m)
}

func (p *Publisher) pushWithRoom(m *Message) error {
	if !p.lockWithRoom() {
		return ErrClosed
	}
	defer p.mu.Unlock()
	return p.push(m)
}

// write queues text of whole code points.
func (p *Publisher) write(parent *Message, stream string, text []byte) {
	for len(text) > 0 && p.lockWithRoom() {
		text = p.add(parent, stream, text)
		p.mu.Unlock()
	}
}

// add appends as much of text as one message should have, and returns the rest.
func (p *Publisher) add(parent *Message, stream string, text []byte) []byte {
	last := p.growing(parent, stream)
	if last == nil {
		last = &pending{parent: parent, stream: stream, due: time.Now().Add(streamDelay)}
		p.queue = append(p.queue, last)
		p.notify()
	}
	n := wholeRunes(text, streamSize-len(last.text))
	last.text = append(last.text, text[:n]...)
	p.queued += n
	if last.full() {
		p.notify()
	}
	return text[n:]
}

// growing returns what is in the queue if text of this stream can be added to it. Behind it may be text of
// other requests, with which it has no order: two cells that print at once would else make a message of each line.
func (p *Publisher) growing(parent *Message, stream string) *pending {
	for i := len(p.queue) - 1; i >= 0; i-- {
		n := p.queue[i]
		switch {
		case n.message != nil || n.parent == parent && n.stream != stream:
			return nil
		case n.parent == parent:
			if n.full() {
				return nil
			}
			return n
		}
	}
	return nil
}

// grows tells whether more text may still be added to the first in the queue.
func (p *Publisher) grows() bool {
	first := p.queue[0]
	if first.message != nil || first.full() {
		return false
	}
	for _, n := range p.queue[1:] {
		if n.message != nil || n.parent == first.parent {
			return false
		}
	}
	return true
}

// hurry sends the text in the queue without waiting for more.
func (p *Publisher) hurry() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.queue {
		n.due = time.Time{}
	}
	p.notify()
}

// full tells that another code point might not fit.
func (n *pending) full() bool { return len(n.text) > streamSize-utf8.UTFMax }

func (n *pending) size() int {
	if n.message == nil {
		return len(n.text)
	}
	size := len(n.message.Content)
	for _, b := range n.message.Buffers {
		size += len(b)
	}
	return size
}

// wholeRunes returns the largest number up to limit of bytes that end with a whole code point.
// Where that would be none, limit cuts through something that is not UTF-8 and does not matter.
func wholeRunes(text []byte, limit int) int {
	if len(text) <= limit {
		return len(text)
	}
	n := limit
	for n > limit-utf8.UTFMax && n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	if n == 0 {
		return limit
	}
	return n
}

func (p *Publisher) notify() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

// run is the only place that writes to the socket.
func (p *Publisher) run(ctx context.Context) {
	defer close(p.done)
	for {
		next, ok := p.take()
		if !ok {
			return
		}
		p.send(ctx, next)
	}
}

// take waits until the first in the queue is to be sent.
func (p *Publisher) take() (*pending, bool) {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		next, wait, ok := p.first()
		if next != nil || !ok {
			return next, ok
		}
		timer.Reset(wait)
		select {
		case <-p.wake:
		case <-timer.C:
		}
	}
}

// first takes the first of the queue. Where that has to wait, it says how long; it is not ok when
// the queue is empty for good.
func (p *Publisher) first() (next *pending, wait time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.queue) == 0 {
		return nil, time.Hour, !p.closing
	}
	next = p.queue[0]
	if wait = time.Until(next.due); wait > 0 && !p.closing && p.grows() {
		return nil, wait, true
	}
	p.queue[0] = nil
	p.queue = p.queue[1:]
	p.queued -= next.size()
	close(p.room)
	p.room = make(chan struct{})
	return next, 0, true
}

func (p *Publisher) send(ctx context.Context, next *pending) {
	m := next.message
	if m == nil {
		var err error
		m, err = p.message(next.parent, TypeStream, "stream."+next.stream, Stream{Name: next.stream, Text: string(next.text)})
		if err != nil {
			p.logger.Error("text was lost", "error", err)
			return
		}
	}
	logMessage(p.logger, "sent", m)
	if err := p.socket.Send(ctx, p.session.Frames(m)); err != nil {
		p.logger.Warn("not published", "type", m.Header.Type, "error", err)
	}
}

// Close sends what is queued, as long as ctx lasts, and ends the publisher. What comes later is
// not taken.
func (p *Publisher) Close(ctx context.Context) {
	p.mu.Lock()
	p.closing = true
	p.notify()
	p.mu.Unlock()
	select {
	case <-p.done:
	case <-ctx.Done():
	}
	p.abandon()
	<-p.done
}
