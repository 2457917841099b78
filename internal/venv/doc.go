// Package venv makes virtual environments for tests, from the Python that the tests have.
//
//	python := venv.Installed(t, "science")
//
// [Installed] returns the Python of an environment with the packages of a list in the folder requirements. They come
// from the package index that pip is configured for, in the versions that the list pins, and stay in the
// user's cache folder: the next test program finds them there. [Empty] makes an environment without any package,
// in a folder of the test's choice.
//
// The lists are made by `make lock` from the files beside them, for every Python from 3.10 on.
//
// Tests of several programs may ask for the same environment at once; one of them makes it, and the others wait.
package venv
