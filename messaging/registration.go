package messaging

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
)

// A Registration is a registration file: whom a kernel tells on which ports it listens, and the key that
// messages are signed with. A launcher that wants no race for ports gives it to the kernel in place of a
// connection file.
type Registration struct {
	KernelID        string `json:"kernel_id"`
	Transport       string `json:"transport"`       // "tcp" or "ipc"
	IP              string `json:"registration_ip"` // with ipc, the beginning of the socket files' path
	Port            Port   `json:"registration_port"`
	SignatureScheme string `json:"signature_scheme"`
	Key             string `json:"key"` // empty: messages are not signed
}

// ReadStartFile reads and checks what a launcher has given to the kernel at path: a connection file, or a
// registration file, which has other fields. In the second case the ports of the connection are 0 with tcp,
// free ones with ipc, and [Registration.Announce] has to follow when the server listens.
func ReadStartFile(path string) (Connection, *Registration, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, nil, fmt.Errorf("reading the connection file: %w", err)
	}
	if requireFields(data, "registration_port") == nil {
		r, c, err := parseRegistration(data)
		if err != nil {
			return Connection{}, nil, fmt.Errorf("registration file %s: %w", path, err)
		}
		return c, &r, nil
	}
	c, err := ParseConnection(data)
	if err != nil {
		return Connection{}, nil, fmt.Errorf("connection file %s: %w", path, err)
	}
	return c, nil, nil
}

func parseRegistration(data []byte) (Registration, Connection, error) {
	r := Registration{Transport: "tcp", SignatureScheme: SchemeHMACSHA256}
	if err := requireFields(data, "kernel_id", "registration_ip", "key"); err != nil {
		return r, Connection{}, err
	}
	if requireFields(data, "curve_secretkey") == nil {
		return r, Connection{}, errors.New("curve_secretkey: the handshake has no encryption, as far as the protocol goes")
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, Connection{}, err
	}
	c, err := r.connection()
	return r, c, err
}

// connection is where the kernel listens. The launcher is told the ports and nothing else, so it has to be
// at the address that the launcher has chosen for itself.
func (r Registration) connection() (Connection, error) {
	c := Connection{Transport: r.Transport, IP: r.IP, SignatureScheme: r.SignatureScheme, Key: r.Key}
	if err := c.check(); err != nil || c.Transport != "ipc" {
		return c, err
	}
	for _, ch := range channels {
		if err := c.choosePath(ch); err != nil {
			return c, err
		}
	}
	return c, nil
}

// choosePath gives a channel a number for which there is no socket file. That of the launcher is there, and
// so are those of the other kernels that it started.
func (c *Connection) choosePath(ch Channel) error {
	const tries = 1000
	for range tries {
		*c.port(ch) = Port(1 + rand.IntN(1<<16-1))
		_, at, err := splitAddress(c.Address(ch))
		if err != nil {
			return err
		}
		if _, err := os.Lstat(at); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	return fmt.Errorf("no free path begins with %s-", c.IP)
}

// An announcement is the one message of a kernel's handshake. Its ports are texts.
type announcement struct {
	KernelID      string `json:"kernel_id"`
	ControlPort   string `json:"control_port"`
	ShellPort     string `json:"shell_port"`
	StdinPort     string `json:"stdin_port"`
	IOPubPort     string `json:"iopub_port"`
	HeartbeatPort string `json:"hb_port"`
}

// Announce tells the launcher where the kernel listens, and waits until it has said that it knows. An error
// means that it does not, or not before ctx ends: then nobody will come, and the kernel is to end.
// See https://jupyter-client.readthedocs.io/en/stable/messaging.html, Kernel startup handshake.
func (r Registration) Announce(ctx context.Context, t Transport, c Connection) error {
	text := func(ch Channel) string { return strconv.Itoa(int(*c.port(ch))) }
	content, err := Encode(announcement{
		KernelID: r.KernelID, ControlPort: text(Control), ShellPort: text(Shell), StdinPort: text(Stdin),
		IOPubPort: text(IOPub), HeartbeatPort: text(Heartbeat),
	})
	if err != nil {
		return fmt.Errorf("writing where the kernel listens: %w", err)
	}
	// All that matters of the channel is that its front end's side is a dealer.
	launcher, err := t.Dial(ctx, Control, r.address(), "")
	if err != nil {
		return fmt.Errorf("connecting to the launcher: %w", err)
	}
	s := signer{key: []byte(r.Key)}
	err = s.exchange(ctx, launcher, content)
	return errors.Join(err, launcher.Close(ctx))
}

func (r Registration) address() string {
	c := Connection{Transport: r.Transport, IP: r.IP, ControlPort: r.Port}
	return c.Address(Control)
}

// exchange sends content alone, signed, and waits for an answer of that form. What is in it is left to the
// launcher.
func (s signer) exchange(ctx context.Context, to Socket, content []byte) error {
	frames := [][]byte{[]byte(delimiter), s.sign(parts{content: content}), content}
	if err := to.Send(ctx, frames); err != nil {
		return fmt.Errorf("telling the launcher where the kernel listens: %w", err)
	}
	answer, err := to.Recv(ctx)
	if err != nil {
		return fmt.Errorf("waiting for the launcher's acknowledgement: %w", err)
	}
	at, err := findDelimiter(answer)
	if err == nil && len(answer) != at+3 {
		err = fmt.Errorf("it has %d frames after the delimiter, and not 2", len(answer)-at-1)
	}
	if err == nil {
		err = s.verify(parts{signature: answer[at+1], content: answer[at+2]})
	}
	if err != nil {
		return fmt.Errorf("the launcher's acknowledgement: %w", err)
	}
	return nil
}
