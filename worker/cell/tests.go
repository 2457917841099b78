package cell

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// Tests are what %test and %bench run.
type Tests struct {
	Tests      []testing.InternalTest
	Benchmarks []testing.InternalBenchmark
	Fuzz       []testing.InternalFuzzTarget // with their seeds only
	// Run and Bench choose by name, as the flags of go test do.
	Run, Bench string
	Verbose    bool
}

// Test runs tests as the program does that go test makes, so that what they print is known, and sends the
// exit status of that. Code of the cell waits for it: a wait there can be ended, for a test that panics, as
// for an interrupt. The goroutine that runs the tests is then left behind, for package testing would panic if
// it were ended too.
func Test(t Tests) <-chan int {
	start := reflect.ValueOf(testing.MainStart)
	program := reflect.ValueOf(testProgram{})
	if !program.Type().Implements(start.Type().In(0)) {
		panic(errors.New("this version of Go has another package testing, which cannot be run in a cell"))
	}
	testing.Init()
	for name, value := range map[string]string{"test.run": t.Run, "test.bench": t.Bench, "test.v": strconv.FormatBool(t.Verbose)} {
		if err := flag.Set(name, value); err != nil {
			panic(fmt.Errorf("choosing tests: %w", err))
		}
	}
	made := start.Call([]reflect.Value{program, reflect.ValueOf(t.Tests), reflect.ValueOf(t.Benchmarks), reflect.ValueOf(t.Fuzz), reflect.ValueOf([]testing.InternalExample(nil))})
	exit := make(chan int, 1)
	go func() { exit <- made[0].Interface().(*testing.M).Run() }() // ends with the tests
	return exit
}

// Tested takes the exit status of tests. It panics if one has failed: so the cell does.
func Tested(exit int) {
	if exit != 0 {
		panic(errors.New("tests have failed"))
	}
}

// A testProgram is what package testing wants to know of the program that it is in. There are no profiles,
// no coverage and no fuzzing.
type testProgram struct{}

var errNoProgram = errors.New("not in a cell")

func (testProgram) ImportPath() string { return "" }
func (testProgram) ModulePath() string { return "" }
func (testProgram) MatchString(pattern, s string) (bool, error) {
	return regexp.MatchString(pattern, s)
}
func (testProgram) SetPanicOnExit0(bool)                                     {}
func (testProgram) StartCPUProfile(io.Writer) error                          { return errNoProgram }
func (testProgram) StopCPUProfile()                                          {}
func (testProgram) StartTestLog(io.Writer)                                   {}
func (testProgram) StopTestLog() error                                       { return nil }
func (testProgram) WriteProfileTo(string, io.Writer, int) error              { return errNoProgram }
func (testProgram) RunFuzzWorker(func(corpusEntry) error) error              { return errNoProgram }
func (testProgram) CheckCorpus([]any, []reflect.Type) error                  { return nil }
func (testProgram) ResetCoverage()                                           {}
func (testProgram) SnapshotCoverage()                                        {}
func (testProgram) ReadCorpus(string, []reflect.Type) ([]corpusEntry, error) { return nil, nil }

func (testProgram) CoordinateFuzzing(time.Duration, int64, time.Duration, int64, int, []corpusEntry, []reflect.Type, string, string) error {
	return errNoProgram
}

func (testProgram) InitRuntimeCoverage() (mode string, tearDown func(string, string) (string, error), snapcov func() float64) {
	return "", nil, nil
}

// corpusEntry is what package testing has under this name.
type corpusEntry = struct {
	Parent     string
	Path       string
	Data       []byte
	Values     []any
	Generation int
	IsSeed     bool
}
