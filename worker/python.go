package worker

import (
	"fmt"
	"os"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// configurePython says how Python is started, should a cell use it: on this thread, and with what it
// shows and asks for going through the worker.
func (w *Worker) configurePython() {
	c := w.config.Python
	c.MainThread = true
	c.Display = func(b display.Bundle, id string, update bool) { w.complain(w.Display(b, id, update)) }
	c.ClearOutput = func(wait bool) { w.complain(w.Clear(wait)) }
	c.Input = w.Input
	pybridge.Configure(c)
}

// endCell shows what Python code has left to be shown, and takes SIGINT back if it took it.
func (w *Worker) endCell() {
	python := pybridge.Running()
	if python == nil {
		return
	}
	w.complain(python.EndCell())
	python.CheckSignals()
}

// complain tells the user what went wrong where no caller can be told.
func (w *Worker) complain(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// closePython runs what Python code asked to be run at the end.
func closePython() error {
	if python := pybridge.Running(); python != nil {
		return python.Close()
	}
	return nil
}

// interruptPython makes running Python code raise KeyboardInterrupt.
func interruptPython() {
	if python := pybridge.Running(); python != nil {
		python.Interrupt()
	}
}
