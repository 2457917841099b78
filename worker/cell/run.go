package cell

import "sync"

// A Run is one run of a cell's code.
type Run struct {
	// Show takes the values of the cell's last expression.
	Show func(values []any)
	// Note takes what the user should know about values that were moved, a text of some lines.
	Note func(text string)

	functions []string // that may hold values of types that have changed
	runs      []uint64 // whose goroutines may

	timed *usage // when the timer was started, nil while none runs

	mu       sync.Mutex
	declared []string
}

// Result takes the value of the cell's last expression, or the values if it is a call with several.
func (r *Run) Result(values ...any) {
	r.StopTimer() // what showing them takes is not theirs
	if r.Show != nil {
		r.Show(values)
	}
}

// Declared notes that the declarations of variables were reached. What a panic keeps the code from
// reaching is not declared, and the front must not offer it to later cells.
func (r *Run) Declared(keys ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.declared == nil {
		r.declared = make([]string, 0, 64) // a cell that counts allocations should find its own
	}
	r.declared = append(r.declared, keys...)
}

// Reached are the keys of the variables whose declarations were reached.
func (r *Run) Reached() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.declared
}
