package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/interpreter/modules"
	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
	"github.com/gopy-kernel/gopy-kernel/kernel"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
	"github.com/gopy-kernel/gopy-kernel/messaging"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// runKernel serves the clients that find the kernel by a connection file, or by the launcher that has given
// it a registration file, until one of them shuts it down, its parent ends or ctx does.
func runKernel(ctx context.Context, startFile string, stderr io.Writer) error {
	log := newLogger(stderr)
	connection, registration, err := messaging.ReadStartFile(startFile)
	if err != nil {
		return err
	}
	server, err := messaging.Listen(messaging.ServerConfig{Connection: connection, Logger: log})
	if err != nil {
		return err
	}
	if registration != nil {
		forget, err := register(ctx, registration, server.Connection(), log)
		if err != nil {
			return errors.Join(err, server.Close())
		}
		defer forget()
	}
	session, err := newSession(ctx, log)
	if err != nil {
		return errors.Join(err, server.Close())
	}
	history, err := historyFile()
	if err != nil {
		log.Warn("the history is not kept", "error", err)
	}
	k, err := kernel.New(kernel.Config{
		Server: server, Interpreter: session, Info: kernelInfo(), Logger: log, ParentPID: parent(), HistoryFile: history,
	})
	if err != nil {
		return errors.Join(err, server.Close())
	}
	return k.Serve(ctx)
}

// newLogger writes to the kernel's stderr, which Jupyter keeps: warnings, or what GOPY_LOG says.
func newLogger(stderr io.Writer) *slog.Logger {
	level := slog.LevelWarn
	if err := level.UnmarshalText([]byte(os.Getenv("GOPY_LOG"))); err != nil {
		level = slog.LevelWarn
	}
	return slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: level}))
}

// newSession makes the interpreter and its worker, and begins to open the workspace and to start the
// worker, so that the first cell finds both.
func newSession(ctx context.Context, log *slog.Logger) (*interpreter.Interpreter, error) {
	w := &workspaces{}
	worker, err := supervisor.New(supervisor.Config{Program: w.worker, Log: log})
	if err != nil {
		return nil, err
	}
	session, err := interpreter.New(interpreter.Config{Open: w.open, Worker: worker, Modules: w.modules, Python: w.python, Log: log})
	if err != nil {
		return nil, err
	}
	go func() { // ends when both are done
		if err := session.Prepare(ctx); err != nil {
			log.Warn("preparing the workspace", "error", err)
			return
		}
		if err := worker.Start(ctx); err != nil {
			log.Warn("starting the worker", "error", err)
		}
	}()
	return session, nil
}

// workspaces opens the workspace for the interpreter, and tells the supervisor where the worker is.
type workspaces struct {
	opened atomic.Pointer[build.Workspace]
}

func (w *workspaces) open(ctx context.Context, progress func(text string)) (interpreter.Workspace, error) {
	ws, err := build.Open(ctx, workspaceConfig(progress))
	if err != nil {
		return nil, err
	}
	w.opened.Store(ws)
	return ws, nil
}

// worker is asked for only when a cell is to run, after the workspace was opened.
func (w *workspaces) worker(context.Context) (string, error) {
	ws := w.opened.Load()
	if ws == nil {
		return "", errors.New("there is no worker before the workspace is open")
	}
	return ws.Worker(), nil
}

// modules finds packages for the folder that the kernel was started in, which is the notebook's.
func (w *workspaces) modules() (interpreter.Finder, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("looking for the notebook's folder: %w", err)
	}
	ws := w.opened.Load()
	return modules.New(modules.Config{
		Go: ws.Toolchain().Go, Env: ws.Toolchain().UserEnv, Dir: dir, Flags: build.LibraryFlags(), Overlay: ws.Overlay(),
		Cache: filepath.Join(ws.Dir(), "modules"), Versions: filepath.Join(filepath.Dir(ws.Dir()), "versions.json"),
	})
}

// python has packages for the Python that the worker finds too, in the folder that the kernel was started in.
func (w *workspaces) python() (interpreter.Generator, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("looking for the notebook's folder: %w", err)
	}
	cache := filepath.Dir(w.opened.Load().Dir())
	find := func(ctx context.Context) (string, error) {
		report, err := locate.Find(ctx, locate.Options{CacheFile: filepath.Join(cache, "python.json")})
		if err != nil {
			return "", err
		}
		return report.Chosen.Python.Executable, nil
	}
	return pygen.NewStore(pygen.StoreConfig{Dir: filepath.Join(cache, "python"), Folder: dir, Python: find})
}

func workspaceConfig(progress func(text string)) build.Config {
	return build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: version, Progress: progress,
	}
}

func kernelInfo() kernel.Info {
	goVersion := strings.TrimPrefix(runtime.Version(), "go")
	return kernel.Info{
		Implementation: "gopy-kernel",
		Version:        version,
		Language: messaging.LanguageInfo{
			Name: "go", Version: goVersion, MimeType: "text/x-go", FileExtension: ".go",
			PygmentsLexer: "go", CodemirrorMode: "go", NbconvertExporter: "script",
		},
		Banner: fmt.Sprintf("gopy-kernel %s: Go %s with Python inside", version, goVersion),
		HelpLinks: []messaging.HelpLink{
			{Text: "Go documentation", URL: "https://pkg.go.dev"},
			{Text: "gopy-kernel", URL: "https://github.com/gopy-kernel/gopy-kernel"},
		},
	}
}

// parent is the process that started the kernel, as Jupyter tells it; 0 if it does not.
func parent() int {
	pid, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil {
		return 0
	}
	return pid
}
