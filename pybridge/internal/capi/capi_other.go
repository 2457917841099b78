//go:build !cgo || !linux

package capi

import "errors"

var errNoCgo = errors.New("this program was built without cgo, so it cannot run Python")

// Load says that there is no Python.
func Load(library string) (version string, err error) { return "", errNoCgo }

// Preload says that there is no Python.
func Preload(library string) error { return errNoCgo }

// Start says that there is no Python.
func Start(argv []string, h Hooks) error { return errNoCgo }

// OnMainThread reports false.
func OnMainThread() bool { return false }

// The rest is never reached, because without Start there is nothing to call it for.

func (f *Frame) Run(want Want) { panic(errNoCgo) }
func RunFew(step Step, want Want, target, name Handle, what, a, b, c uint64) (Result, bool) {
	panic(errNoCgo)
}
func Release(refs []Handle)              { panic(errNoCgo) }
func Hold()                              { panic(errNoCgo) }
func Unhold()                            { panic(errNoCgo) }
func SetClassifier(h Handle)             { panic(errNoCgo) }
func SetCarrier(h Handle)                { panic(errNoCgo) }
func Interrupt() bool                    { return false }
func InterruptThread(id uint64, on bool) { panic(errNoCgo) }
func InCallback() bool                   { return false }
func AbandonCallback()                   { panic(errNoCgo) }
func ThreadID() uint64                   { return 0 }
func ReclaimSignals() bool               { return false }
func Threads() int                       { return 0 }
func freeC(word uint64)                  { panic(errNoCgo) }
