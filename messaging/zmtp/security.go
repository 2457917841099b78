package zmtp

// A Security is a mechanism of ZMTP. It may be used for any number of connections at the same time.
type Security interface {
	mechanism() string
	hasServer() bool // whether the two sides play different parts
	// handshake exchanges the metadata of both sockets and returns the peer's.
	handshake(z *Conn) ([]byte, error)
}

// null is the mechanism without any secrets.
type null struct{}

func (null) mechanism() string { return "NULL" }

func (null) hasServer() bool { return false }

func (null) handshake(z *Conn) ([]byte, error) {
	if err := z.tell("READY", metadata(z.config.Type, z.config.Identity)); err != nil {
		return nil, err
	}
	return z.hear("READY")
}
