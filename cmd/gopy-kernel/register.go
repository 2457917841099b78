package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/gopy-kernel/gopy-kernel/install"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// registerTime is how long the launcher may take to answer. A kernel that nobody waits for is to end.
const registerTime = 10 * time.Second

// register tells the launcher where the kernel listens, and writes a connection file for other clients, which
// forget removes. Clients need not find it: that it cannot be written is only logged.
func register(ctx context.Context, r *messaging.Registration, c messaging.Connection, log *slog.Logger) (forget func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, registerTime)
	defer cancel()
	if err := r.Announce(ctx, messaging.ZMQ(nil), c); err != nil {
		return nil, err
	}
	file, err := writeConnection(r.KernelID, c)
	if err != nil {
		log.Warn("other clients will not find the kernel", "error", err)
		return func() {}, nil
	}
	return func() {
		if err := os.Remove(file); err != nil {
			log.Warn("a connection file is left behind", "error", err)
		}
	}, nil
}

// writeConnection has the name from the kernel's id, as jupyter console --existing wants it. It is not that which
// the launcher's own file may have, for the launcher needs that one again for a restart.
func writeConnection(kernelID string, c messaging.Connection) (file string, err error) {
	dir, err := install.Runtime()
	if err != nil {
		return "", err
	}
	name := "kernel-" + kernelID + "-connection.json"
	if filepath.Base(name) != name {
		return "", fmt.Errorf("no file can be named after the kernel id %q", kernelID)
	}
	text, err := messaging.Encode(c)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	file = filepath.Join(dir, name)
	return file, os.WriteFile(file, append(text, '\n'), 0o600)
}
