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

// ask calls a function of gopy_kernel.inspection and copies what it says into a Go type.
func ask[T any](o *Object, function string, args ...any) (T, error) {
	var none T
	r, err := started()
	if err != nil {
		return none, err
	}
	f, err := r.helper("gopy_kernel.inspection", function)
	if err != nil {
		return none, err
	}
	return CallAs[T](f, append([]any{o}, args...)...)
}
