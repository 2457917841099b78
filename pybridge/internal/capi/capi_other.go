//go:build !cgo || !linux

package capi

// Supported says that there is no Python.
func Supported() error { return ErrNoCgo }

// Load says that there is no Python.
func Load(library string) (version string, err error) { return "", ErrNoCgo }

// Preload says that there is no Python.
func Preload(library string) error { return ErrNoCgo }

// Start says that there is no Python.
func Start(argv []string, h Hooks) error { return ErrNoCgo }

// OnMainThread reports false.
func OnMainThread() bool { return false }

// The rest is never reached, because without Start there is nothing to call it for.

func (f *Frame) Run(want Want) { panic(ErrNoCgo) }
func RunFew(step Step, want Want, target, name Handle, what uint64, args *[MaxFew]uint64) (Result, bool) {
	panic(ErrNoCgo)
}
func Release(refs []Handle)              { panic(ErrNoCgo) }
func Hold()                              { panic(ErrNoCgo) }
func Unhold()                            { panic(ErrNoCgo) }
func SetClassifier(h Handle)             { panic(ErrNoCgo) }
func SetRules(h Handle)                  { panic(ErrNoCgo) }
func SetCarrier(h Handle)                { panic(ErrNoCgo) }
func Interrupt() bool                    { return false }
func Wake()                              {}
func InterruptThread(id uint64, on bool) { panic(ErrNoCgo) }
func InCallback() bool                   { return false }
func AbandonCallback()                   { panic(ErrNoCgo) }
func ThreadID() uint64                   { return 0 }
func ReclaimSignals() bool               { return false }
func Threads() int                       { return 0 }
func CopyDescriptor(fd int) (int, error) { panic(ErrNoCgo) }
func Redirect(out, err int) error        { panic(ErrNoCgo) }
func freeC(word uint64)                  { panic(ErrNoCgo) }
