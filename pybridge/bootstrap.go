package pybridge

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

//go:embed python/*.py python/gopy_kernel/*.py
var pythonFiles embed.FS

// helpers are the functions and classes of the Python side that Go calls.
type helpers struct {
	evaluate, execute, runCell, lookup, assign *Object
	timedelta, datetime, timezone, fraction    *Object
	decimal, path, uuid, parsed, rangeOf, list *Object
	slice, ellipsis, iterator, leaveWith       *Object
	keyboardInterrupt                          *Object
	goError, goErrorLike, goPanic, goExit      *Object
	typeError, formatException, derives        *Object
	exceptionLinks, tracebackFrames, bundle    *Object
	connect, endCell, leave                    *Object
}

// bootstrap makes the Python side known to the interpreter and takes what Go needs of it.
func (r *Runtime) bootstrap() error {
	if err := r.runBootstrap(); err != nil {
		return fmt.Errorf("setting up the Python side: %w", err)
	}
	if err := r.takeHelpers(); err != nil {
		return fmt.Errorf("setting up the Python side: %w", err)
	}
	if err := r.connect(); err != nil {
		return fmt.Errorf("connecting the Python side: %w", err)
	}
	return nil
}

func (r *Runtime) runBootstrap() error {
	sources, err := pythonSources()
	if err != nil {
		return err
	}
	first, err := pythonFiles.ReadFile("python/bootstrap.py")
	if err != nil {
		return err
	}
	builtins, err := r.Import("builtins")
	if err != nil {
		return err
	}
	defer builtins.Close()
	code, err := builtins.Method("compile", string(first), "<gopy_kernel>/bootstrap.py", "exec")
	if err != nil {
		return err
	}
	defer code.Close()
	_, err = builtins.Method("exec", code, map[string]any{"sources": sources, "__name__": "gopy_kernel.bootstrap"})
	return err
}

// pythonSources returns the texts of the package by module name.
func pythonSources() (map[string]string, error) {
	sources := map[string]string{}
	err := fs.WalkDir(pythonFiles, "python/gopy_kernel", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := pythonFiles.ReadFile(path)
		name := strings.TrimSuffix(strings.TrimPrefix(path, "python/"), ".py")
		name = strings.TrimSuffix(strings.ReplaceAll(name, "/", "."), ".__init__")
		sources[name] = string(text)
		return err
	})
	return sources, err
}

func (r *Runtime) takeHelpers() error {
	p := &r.python
	for _, h := range []struct {
		into         **Object
		module, name string
	}{
		{&p.evaluate, "gopy_kernel.running", "evaluate"},
		{&p.execute, "gopy_kernel.running", "execute"},
		{&p.runCell, "gopy_kernel.running", "run_cell"},
		{&p.lookup, "gopy_kernel.running", "lookup"},
		{&p.assign, "gopy_kernel.running", "assign"},
		{&p.timedelta, "gopy_kernel.values", "timedelta"},
		{&p.datetime, "gopy_kernel.values", "moment"},
		{&p.fraction, "gopy_kernel.values", "fraction"},
		{&p.timezone, "gopy_kernel.values", "timezone"},
		{&p.decimal, "gopy_kernel.values", "decimal"},
		{&p.path, "gopy_kernel.values", "path"},
		{&p.uuid, "gopy_kernel.values", "uuid"},
		{&p.parsed, "gopy_kernel.values", "parsed"},
		{&p.rangeOf, "builtins", "range"},
		{&p.list, "builtins", "list"},
		{&p.goError, "gopy_kernel.errors", "GoError"},
		{&p.goErrorLike, "gopy_kernel.errors", "go_error_like"},
		{&p.goPanic, "gopy_kernel.errors", "GoPanic"},
		{&p.goExit, "gopy_kernel.errors", "GoExit"},
		{&p.formatException, "gopy_kernel.errors", "format_exception"},
		{&p.exceptionLinks, "gopy_kernel.errors", "links"},
		{&p.tracebackFrames, "gopy_kernel.errors", "frames"},
		{&p.derives, "gopy_kernel.errors", "derives"},
		{&p.bundle, "gopy_kernel.mime", "bundle"},
		{&p.connect, "gopy_kernel.lifecycle", "connect"},
		{&p.endCell, "gopy_kernel.output", "end_cell"},
		{&p.leave, "gopy_kernel.lifecycle", "leave"},
		{&p.typeError, "builtins", "TypeError"},
		{&p.keyboardInterrupt, "builtins", "KeyboardInterrupt"},
		{&p.iterator, "gopy_kernel.values", "GoIterator"},
		{&p.leaveWith, "gopy_kernel.errors", "leave_with"},
		{&p.slice, "builtins", "slice"},
		{&p.ellipsis, "builtins", "Ellipsis"},
	} {
		module, err := r.Import(h.module)
		if err != nil {
			return err
		}
		if *h.into, err = module.Attr(h.name); err != nil {
			return err
		}
		if h.module != "gopy_kernel.running" { // which works for the user
			(*h.into).rules = noRules
		}
		module.Close()
	}
	return r.setNativeHelpers()
}

// setNativeHelpers hands over what the C side calls by itself.
func (r *Runtime) setNativeHelpers() error {
	for _, h := range []struct {
		module, name string
		set          func(capi.Handle)
	}{
		{"gopy_kernel.classes", "classify", capi.SetClassifier},
		{"gopy_kernel.errors", "Carrier", capi.SetCarrier},
	} {
		module, err := r.Import(h.module)
		if err != nil {
			return err
		}
		o, err := module.Attr(h.name)
		if err != nil {
			return err
		}
		h.set(capi.Handle(o.word))
		module.Close()
		o.Close()
	}
	return nil
}
