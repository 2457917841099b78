package pybridge

import "fmt"

// helper returns a function of a Python module that few programs use. The module is imported when it is
// first asked for, because each costs a part of a millisecond at the start.
func (r *Runtime) helper(module, name string) (*Object, error) {
	key := module + "." + name
	if o, found := process.helpers.Load(key); found {
		return o.(*Object), nil
	}
	m, err := r.Import(module)
	if err != nil {
		return nil, fmt.Errorf("the Python side of the bridge: %w", err)
	}
	defer m.Close()
	o, err := m.Attr(name)
	if err != nil {
		return nil, fmt.Errorf("the Python side of the bridge: %w", err)
	}
	o.rules = noRules
	kept, _ := process.helpers.LoadOrStore(key, o)
	return kept.(*Object), nil
}

// startedHelper is helper for what may be the first that a program wants of Python.
func startedHelper(module, name string) (*Object, error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	return r.helper(module, name)
}

// callHelper calls a helper and copies what it returns into a Go type.
func callHelper[T any](module, name string, args ...any) (T, error) {
	f, err := startedHelper(module, name)
	if err != nil {
		var none T
		return none, err
	}
	return CallAs[T](f, args...)
}

// ask calls a function of gopy_kernel.inspection and copies what it says into a Go type.
func ask[T any](o *Object, function string, args ...any) (T, error) {
	return callHelper[T]("gopy_kernel.inspection", function, append([]any{o}, args...)...)
}
