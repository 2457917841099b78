// Package doctor looks at a machine and says whether cells can run there, what was found, and what to
// type where something is missing.
//
// [Examine] is the call to make; it returns a [Report], which [Report.Write] prints for people and
// encoding/json for programs. A report is a list of checks: the Go toolchain, the C compiler and its
// linker, the cache folder, the workspace, a cell that is built for trial, Python, and the kernelspecs
// that Jupyter finds.
//
// Examine changes nothing that stays: it makes no workspace, and removes what it writes to see
// whether it can. It asks other programs about themselves, each with a time limit, and may take some
// seconds. It may be called from any goroutine, and works with an empty environment.
//
// The trial cell is compiled and linked, not loaded: that is the business of the worker.
package doctor
