package conformance_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/test/conformance"
)

func TestADistributionWithoutTests(t *testing.T) {
	_, err := conformance.ReadCorpus(t.TempDir())
	require.ErrorContains(t, err, "this Go distribution has no test programs")
}

func TestReadExclusions(t *testing.T) {
	for _, test := range []struct{ name, list, fails string }{
		{"a reason and a line", "a.go: needs build flags: // run -race", ""},
		{"no line", "a.go: needs build flags", "is not a program, a reason and a line"},
		{"a reason of one's own", "a.go: it is hard: // run", "a.go is excluded for a reason that is none: it is hard"},
		{"an empty list", "# nothing\n", "an empty list"},
	} {
		t.Run(test.name, func(t *testing.T) {
			list := fstest.MapFS{"list": {Data: []byte(test.list)}}
			exclusions, err := conformance.ReadExclusions(list, "list")
			if test.fails != "" {
				require.ErrorContains(t, err, test.fails)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, []conformance.Exclusion{{Program: "a.go", Reason: conformance.BuildFlags, Shown: "// run -race"}}, exclusions)
		})
	}
}

func TestExclude(t *testing.T) {
	programs := []conformance.Program{
		{Name: "a.go", Files: []conformance.File{{Name: "a.go", Text: "// run -race\n\npackage main\n"}}},
		{Name: "b.go", Files: []conformance.File{{Name: "b.go", Text: "// run\n\npackage main\n"}}},
	}
	kept, err := conformance.Exclude(programs, []conformance.Exclusion{{Program: "a.go", Shown: "// run -race"}})
	require.NoError(t, err)
	assert.Equal(t, programs[1:], kept)

	_, err = conformance.Exclude(programs, []conformance.Exclusion{{Program: "b.go", Shown: "// run -race"}})
	require.ErrorContains(t, err, `b.go is excluded, and has no line "// run -race"`)
	_, err = conformance.Exclude(programs, []conformance.Exclusion{{Program: "c.go"}})
	require.ErrorContains(t, err, "c.go is excluded and is no program")
	_, err = conformance.Exclude(programs, make([]conformance.Exclusion, conformance.MostExcluded+1))
	require.ErrorContains(t, err, "at most")
}

func TestSampleOfUnknownThings(t *testing.T) {
	list := fstest.MapFS{"mode": {Data: []byte("a.go: backwards")}, "none": {Data: []byte("a.go")}, "good": {Data: []byte("a.go: whole split")}}
	_, err := conformance.ReadSample(list, "mode")
	require.ErrorContains(t, err, "there is no mode backwards")
	_, err = conformance.ReadSample(list, "none")
	require.ErrorContains(t, err, "in no mode")
	sample, err := conformance.ReadSample(list, "good")
	require.NoError(t, err)
	_, err = conformance.Choose(nil, sample, conformance.Whole)
	require.ErrorContains(t, err, "a.go is in the sample and is no program")
}
