package messaging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
	"unicode/utf8"
)

// A ServerConfig is what Listen needs.
type ServerConfig struct {
	Connection Connection
	Transport  Transport     // nil means ZMQ, encrypted where the connection has keys
	Logger     *slog.Logger  // nil discards
	Linger     time.Duration // for what is queued when the server closes; 0 means one second
}

// A Server is the kernel's end of all five channels.
type Server struct {
	connection Connection
	session    *Session
	publisher  *Publisher
	sockets    [len(channels)]Socket
	logger     *slog.Logger
	linger     time.Duration

	closeOnce sync.Once
	closeErr  error
}

// Listen opens the five sockets; Serve or Close has to follow. An error names the address that
// could not be opened, which is mostly a port that somebody took after the front end had chosen it.
func Listen(config ServerConfig) (*Server, error) {
	if err := config.Connection.check(); err != nil {
		return nil, fmt.Errorf("connection: %w", err)
	}
	s := &Server{
		connection: config.Connection,
		session:    NewSession(config.Connection.Key, "kernel"),
		logger:     config.Logger,
		linger:     config.Linger,
	}
	if s.logger == nil {
		s.logger = slog.New(slog.DiscardHandler)
	}
	if s.linger == 0 {
		s.linger = time.Second
	}
	transport := config.Transport
	if transport == nil {
		security, err := config.Connection.security()
		if err != nil {
			return nil, fmt.Errorf("connection: %w", err)
		}
		transport = ZMQ(security)
	}
	if err := s.open(transport); err != nil {
		_ = s.closeSockets(context.Background()) // nobody has connected yet
		return nil, err
	}
	s.publisher = NewPublisher(s.session, s.sockets[IOPub], s.logger)
	return s, nil
}

func (s *Server) open(transport Transport) error {
	for _, ch := range channels {
		socket, err := s.listen(transport, ch)
		if err != nil {
			return fmt.Errorf("opening the %s socket: %w", ch, err)
		}
		s.sockets[ch] = socket
		if err := s.connection.bound(ch, socket.Address()); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) listen(transport Transport, ch Channel) (Socket, error) {
	if ch == IOPub {
		return transport.Publish(s.connection.Address(ch), s.welcome)
	}
	return transport.Listen(ch, s.connection.Address(ch))
}

// welcome tells a front end that its subscription has arrived: from now on it misses nothing. Topics are
// text, and one that is not gets no welcome.
func (s *Server) welcome(topic []byte) [][]byte {
	if !utf8.Valid(topic) {
		return nil
	}
	m, err := s.session.Message(TypeIOPubWelcome, nil, IOPubWelcome{Subscription: string(topic)})
	if err != nil {
		s.logger.Error("no welcome could be made", "error", err)
		return nil
	}
	m.Channel, m.Identities = IOPub, [][]byte{topic}
	return s.session.Frames(m)
}

// Connection returns where the server listens, with the ports that were chosen for 0.
func (s *Server) Connection() Connection { return s.connection }

// Publisher returns the way to IOPub.
func (s *Server) Publisher() *Publisher { return s.publisher }

// Serve calls handle for each message that comes in on shell, control or stdin and is signed, and echoes
// heartbeats, until ctx ends; the sockets stay open for what is still to be sent, until Close.
// The calls for one channel come one after the other, those for different channels at the same
// time, so handle must not wait for long. A message that is not signed, or of which not even the
// header can be read, is logged and dropped.
func (s *Server) Serve(ctx context.Context, handle func(*Message)) {
	var running sync.WaitGroup
	for _, ch := range []Channel{Shell, Control, Stdin} {
		running.Go(func() { s.receive(ctx, ch, handle) })
	}
	running.Go(func() { s.echo(ctx) })
	running.Wait()
}

func (s *Server) receive(ctx context.Context, ch Channel, handle func(*Message)) {
	for {
		frames, err := s.sockets[ch].Recv(ctx)
		if err != nil {
			return
		}
		m, err := s.session.Parse(ch, frames)
		if err != nil {
			s.logger.Warn("message dropped", "channel", ch.String(), "error", err)
			continue
		}
		logMessage(s.logger, "received", m)
		handle(m)
	}
}

func (s *Server) echo(ctx context.Context) {
	for {
		frames, err := s.sockets[Heartbeat].Recv(ctx)
		if err != nil {
			return
		}
		if err := s.sockets[Heartbeat].Send(ctx, frames); err != nil {
			s.logger.Debug("heartbeat not answered", "error", err)
		}
	}
}

// Answer makes the message that replies to request: it leaves on the channel and with all the
// identities that the request came with.
func (s *Server) Answer(request *Message, t Type, content any) (*Message, error) {
	m, err := s.session.Message(t, request, content)
	if err != nil {
		return nil, err
	}
	m.Channel, m.Identities = request.Channel, request.Identities
	return m, nil
}

// Send sends a message to whom its identities name, on the channel it names. It waits as
// Socket.Send does, until ctx ends. ErrNoPeer means that the front end is gone, or, on stdin, never came.
func (s *Server) Send(ctx context.Context, m *Message) error {
	if err := s.sockets[m.Channel].Send(ctx, s.session.Frames(m)); err != nil {
		return fmt.Errorf("sending %s on %s: %w", m.Header.Type, m.Channel, err)
	}
	logMessage(s.logger, "sent", m)
	return nil
}

// Close sends what is queued, also what was queued by the publisher, and closes the sockets. It
// returns when all front ends have everything, or when the linger time has passed and one had not.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), s.linger)
		defer cancel()
		s.publisher.Close(ctx)
		s.closeErr = s.closeSockets(ctx)
	})
	return s.closeErr
}

func (s *Server) closeSockets(ctx context.Context) error {
	var closing sync.WaitGroup
	errs := make([]error, len(s.sockets))
	for ch, socket := range s.sockets {
		if socket == nil {
			continue
		}
		closing.Go(func() {
			if err := socket.Close(ctx); err != nil {
				errs[ch] = fmt.Errorf("closing the %s socket: %w", Channel(ch), err)
			}
		})
	}
	closing.Wait()
	return errors.Join(errs...)
}

// logMessage is the one place that logs traffic. Content is never in it: that is the user's.
func logMessage(logger *slog.Logger, verb string, m *Message) {
	logger.Debug(verb, "channel", m.Channel.String(), "type", m.Header.Type, "id", m.Header.ID)
}
