// Package py is Python for notebook cells: package pybridge with the errors taken out of the way. A
// Python exception panics with a *pybridge.Error, which the notebook shows with its Python traceback;
// recover gets it back.
//
//	np := py.Import("numpy")
//	a := np.Method("linspace", 0, 1, py.Kw{"num": 5})
//	fmt.Println(py.As[[]float64](a))
//
// The first call starts Python; where none can be started, the panic says which interpreters were
// tried and why each was refused. Everything may be called from any goroutine. The names and what
// they do are those of pybridge, whose documentation holds here too.
package py
