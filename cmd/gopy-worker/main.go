// Command gopy-worker loads and runs what gopy-kernel builds. The kernel starts it, with the
// connection to the kernel as file descriptor 3; it is of no use by itself. Started with the paths of
// images as arguments it loads these, which runs their init functions, and ends: so it is tried whether
// images can be loaded with the installed Go.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	_ "plugin" // a program that can load plugins exports what it holds
	"runtime"
	"syscall"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/worker"
	"github.com/gopy-kernel/gopy-kernel/worker/loader"
)

// The main goroutine is on the main thread while packages are initialised, and on any other later.
func init() { runtime.LockOSThread() }

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "gopy-worker:", err)
		os.Exit(1)
	}
}

// connection is the file descriptor of the connection to the kernel.
const connection = 3

func run() error {
	if err := limitMemory(os.Getenv(memoryVariable)); err != nil {
		return err
	}
	units, err := newLoader()
	if err != nil {
		return err
	}
	if images := os.Args[1:]; len(images) > 0 {
		return try(units, images)
	}
	return serve(units)
}

func newLoader() (*loader.Loader, error) {
	inside, err := goRuntime()
	if err != nil {
		return nil, err
	}
	return loader.New(loader.Config{Runtime: inside})
}

func try(units *loader.Loader, images []string) error {
	for _, path := range images {
		unit, err := units.Load(path)
		if err != nil {
			return err
		}
		units.Use(unit)
	}
	return nil
}

func serve(units *loader.Loader) error {
	file := os.NewFile(connection, "front")
	conn, err := net.FileConn(file)
	if err != nil {
		return fmt.Errorf("file descriptor %d is not a connection to gopy-kernel, which starts this program: %w", connection, err)
	}
	syscall.CloseOnExec(connection)
	file.Close()
	syscall.CloseOnExec(link.PrintsFile)
	load := func(path string) (func(), error) {
		unit, err := units.Load(path)
		return func() { units.Use(unit) }, err
	}
	w, err := worker.New(worker.Config{Conn: link.NewConn(conn), Load: load, Prints: os.NewFile(link.PrintsFile, "prints"), Python: pybridge.Config{CacheFile: pythonCache()}})
	if err != nil {
		return err
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, syscall.SIGINT)
	go func() { // ends with the process
		for range interrupts {
			w.Interrupt()
		}
	}()
	return w.Serve(context.Background())
}

// pythonCache is the file that keeps what interpreters said of themselves; none where there is no
// folder for it.
func pythonCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "gopy-kernel", "python.json")
}
