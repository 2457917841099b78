package worker

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"time"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/worker/cell"
	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
	"github.com/gopy-kernel/gopy-kernel/worker/late"
)

// run runs one cell and says how it ended. If the cell's code calls runtime.Goexit it does not return.
func (w *Worker) run(m link.Run) {
	code, err := w.code(m)
	if err != nil {
		w.done(m, nil, &link.Failure{Kind: link.NotLoaded, Name: "load", Value: err.Error()})
		return
	}
	// The timer must not belong to the run: that would be a goroutine which does not wait.
	watch := time.AfterFunc(stuckAfter, func() { w.watch(m.ID) })
	defer watch.Stop()
	if !w.begin(m.ID, m.Request) {
		w.done(m, nil, goexit(true))
		return
	}
	w.stdin.reset()
	if m.Python {
		w.startPython()
	}
	r := &cell.Run{Show: w.result, Note: note}
	w.current.run = r
	returned := false
	defer func() {
		if returned {
			return
		}
		// The cell's code panicked, or is ending this goroutine.
		value := recover()
		if value == nil {
			w.exited()
			return
		}
		w.done(m, r, failure(value))
	}()
	code(r)
	returned = true
	w.done(m, r, nil)
}

// current is the cell that runs.
type current struct {
	message link.Run
	run     *cell.Run
	ended   chan struct{} // closed when its goroutine ends
}

// exited says how a cell ended whose goroutine is ending. If it has called runtime.Goexit, its other goroutines
// have a moment to end the run in their way, as those of a program have whose main did that.
func (w *Worker) exited() {
	f := goexit(cell.Stopped(w.current.message.ID))
	if f.Kind == link.Exited {
		w.awaitFailure(w.current.message.ID)
	}
	w.done(w.current.message, w.current.run, f)
}

// stranded is called where the goroutine of a cell is ending and cannot: Python has called it.
func (w *Worker) stranded() {
	w.exited()
	close(w.current.ended)
	goroutine.Leave()
}

// code finds what a run runs. For a cell that is the code of a unit: it loads its image and the libraries that it needs if that was not done
// before.
func (w *Worker) code(m link.Run) (func(*cell.Run), error) {
	if m.Comm != nil {
		return w.delivery(*m.Comm), nil
	}
	for _, library := range m.Needs {
		if _, err := w.config.Load(library); err != nil {
			return nil, err
		}
	}
	use, err := w.config.Load(m.Object)
	if err != nil {
		return nil, err
	}
	code := cell.Registered(m.Unit)
	if code == nil {
		return nil, fmt.Errorf("%s was loaded and has no unit %s", m.Object, m.Unit)
	}
	use()
	return code, nil
}

// done tells the front that a run has ended. What Python has still to show comes first.
func (w *Worker) done(m link.Run, r *cell.Run, f *link.Failure) {
	stopped := cell.Stopped(m.ID)
	w.end()
	late.End()
	if stopped {
		settle(m.ID)
	}
	w.endCell()
	failed, earlier := w.takeFailures()
	if f == nil && stopped {
		f = goexit(true) // it did not look, or what it waited for was ended
	}
	if failed != nil && (f == nil || f.Kind == link.Interrupted || f.Kind == link.Exited) {
		f = failed
	}
	if f != nil && f.Name == exitName && f.Status == 0 {
		f = nil
	}
	d := link.Done{ID: m.ID, Failure: f, Stopped: stopped, Late: earlier}
	if r != nil {
		d.Declared = r.Reached()
	}
	// If the front has gone, the loop ends by itself.
	_ = w.config.Conn.Send(d)
}

// begin notes that a run begins. It reports false if the run was interrupted before.
func (w *Worker) begin(run uint64, request string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.asked = run, request
	if w.interrupted == run {
		return false
	}
	w.running, w.began = run, time.Now()
	goroutine.SetRun(run)
	cell.Begin(run)
	late.Begin(run)
	return true
}

func (w *Worker) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	goroutine.SetRun(0)
	if !goroutine.Supported {
		cell.Forget(w.running)
	}
	w.running = 0
}

// Interrupt ends the running cell, as a SIGINT from elsewhere means it. It may be called from any
// goroutine.
func (w *Worker) Interrupt() {
	w.mu.Lock()
	run := w.running
	w.mu.Unlock()
	w.interrupt(run)
}

// interrupt ends a run at its next check, or before it begins. A run is interrupted once: Python code
// that cleans up after the first KeyboardInterrupt is left alone.
func (w *Worker) interrupt(run uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if run == 0 || w.interrupted == run || run <= w.last && run != w.running {
		return
	}
	w.interrupted = run
	if run == w.running {
		// Python first: its main thread may be waiting for a thread that the check ends.
		found := interruptPython()
		cell.Stop(run)
		w.asks.cancel()
		if goroutine.Supported {
			go w.stopGoroutines(run, w.began)
		}
		go w.interruptPythonAgain(run, found) // ends with the run
	}
}

func (w *Worker) isRunning(run uint64) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.running == run
}

// note tells the user of the cell something.
func note(text string) { fmt.Fprintln(os.Stderr, text) }

// result shows the value of the cell's last expression. A call with several results shows all of
// them but an error that is nil.
func (w *Worker) result(values []any) {
	if isNone(values) {
		return
	}
	b := display.RenderAll(values)
	if len(b.Data) == 0 {
		return
	}
	m, err := encode(b)
	if err == nil {
		m.Result, m.Run = true, goroutine.Run()
		err = w.show(m)
	}
	if err != nil {
		panic(fmt.Errorf("showing the result: %w", err))
	}
}

// isNone reports whether the value is Python's None, which is what a function returns that returns nothing:
// as in IPython, it is not shown.
func isNone(values []any) bool {
	if len(values) != 1 {
		return false
	}
	if v := reflect.ValueOf(values[0]); v.Kind() != reflect.Pointer || v.IsNil() {
		return false
	}
	o, ok := values[0].(interface{ IsNone() bool })
	return ok && o.IsNone()
}

// encode makes the message of a bundle.
func encode(b display.Bundle) (link.Show, error) {
	m := link.Show{}
	var err error
	if m.Data, err = encodeValues(b.Data); err != nil {
		return m, err
	}
	m.Metadata, err = encodeValues(b.Metadata)
	return m, err
}

func encodeValues(values map[string]any) (map[string]json.RawMessage, error) {
	encoded := make(map[string]json.RawMessage, len(values))
	for name, value := range values {
		data := new(bytes.Buffer)
		encoder := json.NewEncoder(data)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(value); err != nil {
			return nil, fmt.Errorf("encoding %s: %w", name, err)
		}
		encoded[name] = data.Bytes()
	}
	return encoded, nil
}
