// Package archtest holds the rules of the tree as a test: which folder may import which, where the
// process itself may be touched, and that package variables do not change. It has no code outside
// its tests; begin with table_test.go, which has all rules as data.
//
// The test reads the files of the tree in its own process. A test that ran `go list` would be cached
// by the go command, which does not see what other commands read, and would pass after a bad import
// was added.
//
// Test files are exempt from all rules. Who adds a package enters it in the table, and whoever reads
// the change sees there what it is allowed to know.
package archtest
