package modules

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// An Error says which package or module cannot be had, why, and what would mend it.
type Error struct {
	Path    string
	Problem string
	Fix     string // may be empty
}

func (e *Error) Error() string {
	text := e.Path + ": " + e.Problem
	if e.Fix != "" {
		text += "\n" + e.Fix
	}
	return text
}

// failure explains what the go command said when it was asked for a path and others.
func (t *trial) failure(path string, err error) error {
	var said *commandError
	if !errors.As(err, &said) {
		return err
	}
	return explain(path, said.said)
}

// explain makes an error of the go command's words.
func explain(path, said string) *Error {
	e := &Error{Path: named(path, said), Problem: strings.TrimSpace(said)}
	for _, k := range knownProblems {
		if m := k.said.FindStringSubmatch(said); m != nil {
			e.Fix = k.fix(e.Path, m)
			break
		}
	}
	for _, repeated := range []string{"go: ", "module ", e.Path + ": "} {
		e.Problem = strings.TrimPrefix(e.Problem, repeated)
	}
	return e
}

// moduleNamed finds the module or package that a line of the go command's is about.
var moduleNamed = regexp.MustCompile(`(?m)^go: (?:module )?([^\s:@]+\.[^\s:@]+)(@[^\s:]+)?[: ]`)

// named is what the go command's words are about: of several that were asked for, the one that failed.
func named(path, said string) string {
	if m := moduleNamed.FindStringSubmatch(said); m != nil && m[1] != "go.mod" {
		return m[1] + m[2]
	}
	return path
}

// A problem is something that the go command says, and what a user can do about it.
type problem struct {
	said *regexp.Regexp
	fix  func(path string, m []string) string
}

// always is a fix that does not depend on what was said.
func always(text string) func(string, []string) string {
	return func(path string, _ []string) string { return strings.ReplaceAll(text, "PATH", withoutVersion(path)) }
}

func withoutVersion(path string) string {
	path, _, _ = strings.Cut(path, "@")
	return path
}

var knownProblems = []problem{
	{regexp.MustCompile(`disabled by GOPROXY=off`),
		always("GOPROXY is off, so that only modules can be used that were downloaded before; take that back with: go env -u GOPROXY")},
	{regexp.MustCompile(`(?i)no such host|connection refused|network is unreachable|i/o timeout|TLS handshake timeout|could not resolve host|connection timed out|proxyconnect|no route to host|temporary failure in name resolution|server misbehaving`),
		always("This machine has no connection to where modules come from. Connect it and run the cell again, or set GOPROXY to a proxy that it reaches (go env -w GOPROXY=…). Modules that were downloaded before need no connection.")},
	{regexp.MustCompile(`terminal prompts disabled|could not read Username|Permission denied|Authentication failed|HTTP Basic: Access denied`),
		func(path string, _ []string) string { return privateFix(path) }},
	{regexp.MustCompile(`requires go >= ([\w.]+)`),
		func(path string, m []string) string {
			return fmt.Sprintf("Install Go %s or newer, or take an older version of the module: %%get %s@VERSION", m[1], withoutVersion(path))
		}},
	{regexp.MustCompile(`does not contain package`), always("Check the last part of the import path.")},
	{regexp.MustCompile(`unknown revision|invalid version|no matching versions`),
		always("See which versions there are with: go list -m -versions PATH")},
	{regexp.MustCompile(`404 Not Found|410 Gone|403 Forbidden|400 Bad Request|not found|unrecognized import path`),
		func(path string, _ []string) string { return "Check the spelling of the path. " + privateFix(path) }},
	{regexp.MustCompile(`inconsistent vendoring`), always("Run this beside the notebook: go mod vendor")},
	{regexp.MustCompile(`-mod=vendor`), always("Run this beside the notebook: go get PATH && go mod vendor")},
	{regexp.MustCompile(`is not in std`), always("It is no package of the standard library, and the path of a module begins with a name that has a dot in it.")},
	{regexp.MustCompile(`gcc|cgo`), always("The package has C code: see that a C compiler and the libraries that it needs are installed.")},
}

// privateFix says how a private module is reached.
func privateFix(path string) string {
	owner := strings.Join(strings.SplitN(withoutVersion(path), "/", 3)[:min(2, strings.Count(path, "/")+1)], "/")
	return fmt.Sprintf("If the module is private, say so with: go env -w GOPRIVATE=%s, and see that git can reach it without asking: git ls-remote https://%s", owner, withoutVersion(path))
}
