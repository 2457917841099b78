// Package locate finds a Python interpreter and the shared library that holds it.
//
// The first call to make is Find. It looks at one place after the other, asks each interpreter about
// itself in a subprocess, and looks for its libpython; the Report says what was found everywhere, why
// a candidate was refused, and what to type to mend it.
//
// The order of places: Options.Python, GOPY_PYTHON, VIRTUAL_ENV, CONDA_PREFIX, a .venv folder upward
// from Options.Dir, the environment that uv keeps elsewhere for the project there, the version that pyenv or asdf
// would choose there, PATH, what uv has installed, and where systems keep theirs.
// What the user names outright (the first two) is not replaced by something else when it does not
// work: that would hide the mistake.
//
// The package is pure Go and keeps no state; its functions may be called from any goroutine. It does
// not open the library: that is the business of pybridge.
package locate
