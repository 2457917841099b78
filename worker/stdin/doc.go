// Package stdin gives reads of the process's os.Stdin to the worker, which asks the user.
//
//	stdin.Handle(func(b []byte) (int, error) { ... })
//
// It rests on the overlay that package goroutine speaks of: os.(*File).Read asks the handler where the
// file is the os.Stdin that the process began with. The alternative was a pipe, and to look every few
// milliseconds whether somebody waits for it. A child process that is handed os.Stdin reads the real
// one, which is empty.
//
// In a program that was built without the overlay nothing happens.
package stdin
