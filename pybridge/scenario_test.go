package pybridge_test

import (
	"context"
	"fmt"
	"os"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// scenarios run in a process of their own, because they are about what is left on its standard output
// or about its end.
var scenarios = map[string]func() error{
	"await":               awaitScenario,
	"goexit":              goexitScenario,
	"joblib":              joblibScenario,
	"layout":              layoutScenario,
	"memoryview":          memoryviewScenario,
	"signals":             signalsScenario,
	"first":               firstScenario,
	"fork":                forkScenario,
	"lifecycle":           lifecycleScenario,
	"first eval":          firstUse(firstEval),
	"first exec":          firstUse(firstExec),
	"first call":          firstUse(firstCall),
	"first import":        firstUse(firstImport),
	"garbage after close": garbageScenario,
	"multiprocessing":     multiprocessingScenario,
	"order":               orderScenario,
	"partial":             partialScenario,
	"lines":               linesScenario,
	"writer":              writerScenario,
	"end":                 endScenario,
}

func runScenario(name string) int {
	run, found := scenarios[name]
	if !found {
		fmt.Fprintln(os.Stderr, "no such scenario:", name)
		return 2
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// open starts Python as the tests do, in the process of a scenario.
func open() (*pybridge.Runtime, error) {
	return pybridge.Open(context.Background(), pybridge.Config{MainThread: true})
}
