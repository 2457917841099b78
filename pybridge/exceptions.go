package pybridge

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
)

// Classes of exceptions, for errors.Is; they also hold for what is derived from them. For others an
// Error with the Type alone does.
var (
	BaseException       = &Error{Type: "BaseException"}
	Exception           = &Error{Type: "Exception"}
	ArithmeticError     = &Error{Type: "ArithmeticError"}
	AssertionError      = &Error{Type: "AssertionError"}
	AttributeError      = &Error{Type: "AttributeError"}
	EOFError            = &Error{Type: "EOFError"}
	FileNotFoundError   = &Error{Type: "FileNotFoundError"}
	ImportError         = &Error{Type: "ImportError"}
	IndexError          = &Error{Type: "IndexError"}
	KeyError            = &Error{Type: "KeyError"}
	KeyboardInterrupt   = &Error{Type: "KeyboardInterrupt"}
	LookupError         = &Error{Type: "LookupError"}
	MemoryError         = &Error{Type: "MemoryError"}
	ModuleNotFoundError = &Error{Type: "ModuleNotFoundError"}
	NameError           = &Error{Type: "NameError"}
	NotImplementedError = &Error{Type: "NotImplementedError"}
	OSError             = &Error{Type: "OSError"}
	OverflowError       = &Error{Type: "OverflowError"}
	RuntimeError        = &Error{Type: "RuntimeError"}
	StopIteration       = &Error{Type: "StopIteration"}
	SyntaxError         = &Error{Type: "SyntaxError"}
	SystemExit          = &Error{Type: "SystemExit"}
	TimeoutError        = &Error{Type: "TimeoutError"}
	TypeError           = &Error{Type: "TypeError"}
	ValueError          = &Error{Type: "ValueError"}
	ZeroDivisionError   = &Error{Type: "ZeroDivisionError"}
)

// counterparts are errors of Go that say what a class of exceptions says.
var counterparts = []struct {
	err   error
	class string
}{
	{fs.ErrNotExist, "FileNotFoundError"},
	{fs.ErrExist, "FileExistsError"},
	{fs.ErrPermission, "PermissionError"},
	{os.ErrProcessDone, "ProcessLookupError"},
	{os.ErrDeadlineExceeded, "TimeoutError"},
	{context.DeadlineExceeded, "TimeoutError"},
	{context.Canceled, "asyncio.exceptions.CancelledError"},
	{io.EOF, "EOFError"},
	{errors.ErrUnsupported, "NotImplementedError"},
}
