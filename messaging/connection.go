package messaging

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/messaging/zmtp"
)

// SchemeHMACSHA256 is the only signature scheme that is spoken here. The connection file's schema
// also lists md5 and sha512; no launcher uses them.
const SchemeHMACSHA256 = "hmac-sha256"

// A Connection is a connection file: where a kernel listens, and the key that messages are signed with.
// Front ends write it before they start the kernel.
type Connection struct {
	Transport       string `json:"transport"` // "tcp" or "ipc"
	IP              string `json:"ip"`        // with ipc, the beginning of the socket files' path
	ShellPort       Port   `json:"shell_port"`
	ControlPort     Port   `json:"control_port"`
	StdinPort       Port   `json:"stdin_port"`
	IOPubPort       Port   `json:"iopub_port"`
	HeartbeatPort   Port   `json:"hb_port"`
	SignatureScheme string `json:"signature_scheme"`
	Key             string `json:"key"` // empty: messages are not signed
	KernelName      string `json:"kernel_name,omitempty"`
	// CurvePublicKey and CurveSecretKey are the kernel's keys, in Z85. With them all that is said is
	// encrypted; both or none are there.
	CurvePublicKey string `json:"curve_publickey,omitempty"`
	CurveSecretKey string `json:"curve_secretkey,omitempty"`
}

// A Port is a port number, 0 for any free one. With ipc it is a small number that ends the path.
type Port uint16

// UnmarshalJSON takes a number or a string: launchers write both.
func (p *Port) UnmarshalJSON(data []byte) error {
	n, err := strconv.ParseUint(strings.Trim(string(data), `"`), 10, 16)
	if err != nil {
		return fmt.Errorf("port %s is not a number from 0 to 65535", data)
	}
	*p = Port(n)
	return nil
}

// ParseConnection reads and checks the text of a connection file. A missing control_port, as very
// old launchers leave it, means any free port.
func ParseConnection(data []byte) (Connection, error) {
	c := Connection{Transport: "tcp", SignatureScheme: SchemeHMACSHA256}
	if err := requireFields(data, "ip", "shell_port", "stdin_port", "iopub_port", "hb_port", "key"); err != nil {
		return Connection{}, err
	}
	if err := json.Unmarshal(data, &c); err != nil {
		return Connection{}, err
	}
	return c, c.check()
}

func (c Connection) check() error {
	switch {
	case c.Transport != "tcp" && c.Transport != "ipc":
		return fmt.Errorf("transport %q is not supported, only tcp and ipc", c.Transport)
	case c.SignatureScheme != SchemeHMACSHA256:
		return fmt.Errorf("signature_scheme %q is not supported, only %s", c.SignatureScheme, SchemeHMACSHA256)
	case c.IP == "":
		return errors.New("ip is empty")
	}
	_, err := c.security()
	return err
}

// security is how the connection is encrypted; nil if it is not.
func (c Connection) security() (zmtp.Security, error) {
	if c.CurvePublicKey == "" && c.CurveSecretKey == "" {
		return nil, nil
	}
	secret, err := zmtp.ParseKey(c.CurveSecretKey)
	if err != nil {
		return nil, fmt.Errorf("curve_secretkey: %w", err)
	}
	public, err := zmtp.ParseKey(c.CurvePublicKey)
	if err != nil {
		return nil, fmt.Errorf("curve_publickey: %w", err)
	}
	derived, err := zmtp.PublicOf(secret)
	if err != nil || derived != public {
		return nil, errors.Join(errors.New("curve_publickey and curve_secretkey do not belong together"), err)
	}
	return zmtp.Curve(public, &secret), nil
}

// Address names a channel's socket in ZeroMQ's form: tcp://127.0.0.1:5001, tcp://[::1]:5001,
// tcp://*:5001 or ipc:///run/kernel-1.
func (c Connection) Address(ch Channel) string {
	port := strconv.Itoa(int(*c.port(ch)))
	if c.Transport == "ipc" {
		return "ipc://" + c.IP + "-" + port
	}
	return "tcp://" + net.JoinHostPort(strings.Trim(c.IP, "[]"), port)
}

// bound notes the port that a socket got, where 0 had been asked for.
func (c *Connection) bound(ch Channel, address string) error {
	if c.Transport == "ipc" {
		return nil
	}
	_, port, err := net.SplitHostPort(strings.TrimPrefix(address, "tcp://"))
	if err != nil {
		return fmt.Errorf("address of the %s socket: %w", ch, err)
	}
	return c.port(ch).UnmarshalJSON([]byte(port))
}

func (c *Connection) port(ch Channel) *Port {
	return [...]*Port{&c.ShellPort, &c.ControlPort, &c.StdinPort, &c.IOPubPort, &c.HeartbeatPort}[ch]
}
