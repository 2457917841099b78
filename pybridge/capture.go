package pybridge

// Output is what Python code has printed.
type Output struct{ Stdout, Stderr string }

// Capture runs f and returns what Python code printed meanwhile, on the calling goroutine and in threads
// that Python started from there, instead of showing it. Captures nest. CaptureAll takes what C code and child processes
// write, too, and what others do.
func (r *Runtime) Capture(f func() error) (out Output, err error) {
	unlock := lockThread() // the thread is how Python's side knows whose output it is
	defer unlock()
	begin, err := r.helper("gopy_kernel.capture", "begin")
	if err != nil {
		return out, err
	}
	end, err := r.helper("gopy_kernel.capture", "end")
	if err != nil {
		return out, err
	}
	capture, err := begin.Call()
	if err != nil {
		return out, err
	}
	defer func() {
		texts, endErr := CallAs[[]string](end, capture)
		if endErr == nil && len(texts) == 2 {
			out = Output{texts[0], texts[1]}
		} else if err == nil {
			err = endErr
		}
	}()
	return out, f()
}
