package py

import "github.com/gopy-kernel/gopy-kernel/pybridge"

// Classes of exceptions, for errors.Is on what a recover got.
var (
	BaseException       = pybridge.BaseException
	Exception           = pybridge.Exception
	ArithmeticError     = pybridge.ArithmeticError
	AssertionError      = pybridge.AssertionError
	AttributeError      = pybridge.AttributeError
	EOFError            = pybridge.EOFError
	FileNotFoundError   = pybridge.FileNotFoundError
	ImportError         = pybridge.ImportError
	IndexError          = pybridge.IndexError
	KeyError            = pybridge.KeyError
	KeyboardInterrupt   = pybridge.KeyboardInterrupt
	LookupError         = pybridge.LookupError
	MemoryError         = pybridge.MemoryError
	ModuleNotFoundError = pybridge.ModuleNotFoundError
	NameError           = pybridge.NameError
	NotImplementedError = pybridge.NotImplementedError
	OSError             = pybridge.OSError
	OverflowError       = pybridge.OverflowError
	RuntimeError        = pybridge.RuntimeError
	StopIteration       = pybridge.StopIteration
	SyntaxError         = pybridge.SyntaxError
	SystemExit          = pybridge.SystemExit
	TimeoutError        = pybridge.TimeoutError
	TypeError           = pybridge.TypeError
	ValueError          = pybridge.ValueError
	ZeroDivisionError   = pybridge.ZeroDivisionError
)
