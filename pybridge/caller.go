package pybridge

import (
	"slices"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// callerMissing is what functions say that want to know the names where they are called, and find no caller: Go code is
// none. They look for it before they do anything else.
var callerMissing = []string{
	"call stack is not deep enough", // of sys._getframe: DataFrame.query and eval
	"call-stack is not that deep!",  // of patsy: the formulas of statsmodels
}

// wantsCaller reports whether a call failed because Python code did not make it. Having a frame of Python under each
// call would cost more than the call.
func wantsCaller(err error) bool {
	e, is := err.(*Error)
	return is && e.Type == "ValueError" && slices.Contains(callerMissing, e.Message)
}

// callFromMain makes a call as if it stood in __main__: names there are known to what is called.
func (o *Object) callFromMain(args []any) (*Object, error) {
	f, err := startedHelper("gopy_kernel.running", "from_main")
	if err != nil {
		return nil, err
	}
	if o.rules != noRules {
		f = f.withRules(o.rules)
		defer f.Close()
	}
	return f.callOnce(capi.StepCall, "", append([]any{o}, args...))
}

// withRules is Using for what works on behalf of another object, which may have no rules of its own.
func (o *Object) withRules(c *Converters) *Object {
	same := o.Using(c)
	same.rules = c
	return same
}
