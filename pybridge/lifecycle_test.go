package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// From the first use to the end: what Reset and Close leave.
func TestLifecycle(t *testing.T) {
	out, errs, code := scenario(t, "lifecycle")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{
		"running: false",
		"init code: running InitCode[1]: ZeroDivisionError: division by zero",
		"running: true alive: true",
		"prepared: 1",
		"mine: 5",
		"after reset, mine: NameError: name 'mine' is not defined",
		"after reset, prepared: 1",
		"modules stay: True",
		"alive after close: false",
	}, lines(out))
}

func lifecycleScenario() error {
	fmt.Println("running:", pybridge.Running() != nil)
	_, err := pybridge.Open(context.Background(), pybridge.Config{MainThread: true, InitCode: []string{"prepared = 1", "1 / 0"}})
	fmt.Println("init code:", err)
	r := pybridge.Running()
	if r == nil {
		return errors.New("Python does not run")
	}
	fmt.Println("running: true alive:", r.Alive())
	show := func(what, source string) {
		o, err := r.Eval(source)
		if err != nil {
			fmt.Printf("%s: %v\n", what, err)
			return
		}
		fmt.Printf("%s: %v\n", what, o)
	}
	show("prepared", "prepared")
	if err := r.Exec("mine = 5\nimport json"); err != nil {
		return err
	}
	show("mine", "mine")
	_ = r.Reset() // the second init code fails again
	show("after reset, mine", "mine")
	show("after reset, prepared", "prepared")
	show("modules stay", "'json' in __import__('sys').modules")
	err = r.Close()
	fmt.Println("alive after close:", r.Alive())
	return err
}
