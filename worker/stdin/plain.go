//go:build !workspace

package stdin

// Handle sets what reads from os.Stdin call, the first time that it is called.
func Handle(handler func(b []byte) (int, error)) {}
