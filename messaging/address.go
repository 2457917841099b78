package messaging

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
)

// maxSocketPath is the longest path of a unix socket; macOS takes four bytes less than Linux.
const maxSocketPath = 103

// splitAddress turns tcp://host:port and ipc://path into what package net wants.
func splitAddress(address string) (network, at string, err error) {
	scheme, at, ok := strings.Cut(address, "://")
	switch {
	case ok && scheme == "tcp":
		return "tcp", strings.TrimPrefix(at, "*"), nil
	case ok && scheme == "ipc" && len(at) > maxSocketPath:
		return "", "", fmt.Errorf("path of the socket has %d bytes, at most %d are possible: %s", len(at), maxSocketPath, at)
	case ok && scheme == "ipc":
		return "unix", at, nil
	}
	return "", "", fmt.Errorf("address %q is neither tcp:// nor ipc://", address)
}

// dialable replaces "all interfaces", which can only be listened on, by this machine.
func dialable(at string) string {
	if strings.HasPrefix(at, ":") {
		return "127.0.0.1" + at
	}
	return at
}

// listen opens the address. A unix socket is for its owner alone, as anybody who can open it may
// listen to what is published; one that a dead process left behind is replaced.
func listen(network, at string) (net.Listener, error) {
	l, err := net.Listen(network, at)
	if network != "unix" {
		return l, err
	}
	if errors.Is(err, syscall.EADDRINUSE) && stale(at) {
		if err := os.Remove(at); err != nil {
			return nil, fmt.Errorf("removing a stale socket: %w", err)
		}
		l, err = net.Listen(network, at)
	}
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(at, 0o600); err != nil {
		l.Close()
		return nil, fmt.Errorf("closing the socket to others: %w", err)
	}
	return l, nil
}

func stale(path string) bool {
	conn, err := net.Dial("unix", path)
	if err == nil {
		conn.Close()
	}
	return errors.Is(err, syscall.ECONNREFUSED)
}

// boundAddress is the address with the port that the listener got.
func boundAddress(address string, l net.Listener) string {
	tcp, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return address
	}
	colon := strings.LastIndexByte(address, ':')
	return fmt.Sprintf("%s:%d", address[:colon], tcp.Port)
}
