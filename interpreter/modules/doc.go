// Package modules finds the packages of modules that cells import: it asks the go command where they
// are, lets it fetch what is missing, and compile them.
//
//	s, err := modules.New(modules.Config{Go: "go", Env: os.Environ(), Dir: folder, State: scratch})
//	found, err := s.Resolve(ctx, modules.Request{Import: []string{"gonum.org/v1/gonum/mat"}}, progress)
//	… found.Packages …
//	err = found.Keep()
//
// # Which versions
//
// The folder of the notebook decides, by the go command's own rules: a go.work, a go.mod or a vendor
// folder beside it or above it is used, and without one the session has a module of its own. What
// those do not name is fetched: for the session only, for the user's files are never written. A module
// that was fetched before on this machine is taken in the same version, so that a notebook finds the
// same code when it is run again, also without a connection; [Request.Get] asks for another. What it imports
// is taken as new as it was before, or newer (raise.go).
//
// The user's settings for fetching (GOPROXY, GOPRIVATE, GOSUMDB, GOAUTH and so on, and of GOFLAGS -mod
// and -modcacherw) hold. Those that change how code is compiled do not, for packages and cells are
// compiled alike.
//
// # What it does not do
//
// It loads nothing and knows no cell. Whether packages fit to those that a worker has loaded is for
// the caller to find, who keeps a [Found] only if they do.
//
// A Session may be used from several goroutines; they wait for each other.
package modules
