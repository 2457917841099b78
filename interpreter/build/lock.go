package build

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// A fileLock is a lock between processes, and between workspaces of one process. It ends with the
// process, however that ends.
type fileLock struct{ file *os.File }

func openLock(path string) (*fileLock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	return &fileLock{f}, nil
}

// share waits until nobody excludes others.
func (l *fileLock) share(ctx context.Context) error { return l.wait(ctx, syscall.LOCK_SH) }

// exclude waits until nobody else holds the lock.
func (l *fileLock) exclude(ctx context.Context) error { return l.wait(ctx, syscall.LOCK_EX) }

// wait asks again and again: a process that waits in flock hears of nothing else.
func (l *fileLock) wait(ctx context.Context, how int) error {
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	for {
		if err := l.flock(how | syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// tryExclude does not wait; it fails if somebody else holds the lock.
func (l *fileLock) tryExclude() error { return l.flock(syscall.LOCK_EX | syscall.LOCK_NB) }

func (l *fileLock) flock(how int) error {
	for {
		if err := syscall.Flock(int(l.file.Fd()), how); !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// Close gives the lock up.
func (l *fileLock) Close() error { return l.file.Close() }
