// Package install writes and removes the kernelspec by which Jupyter finds the kernel: a folder with
// kernel.json and three logos.
//
// The first call to make is [Stage]. It checks everything and writes the files aside; then
// [Staged.Commit] puts them in place, or [Staged.Discard] drops them. So a caller can do what takes
// long in between, and knows before that the folder can be written. [Remove] takes a kernelspec
// away, and [List] says which of ours a folder has.
//
// Folders of kernelspecs come from [UserKernels], from [PrefixKernels] with the prefix of the active
// Python environment ([ActivePrefix]) or any other, and from [SearchPath], which has all that Jupyter
// looks at.
//
// Nothing of the program is copied: kernel.json names the program where it is. The package keeps no
// state. Its functions may be called from any goroutine, but not two at once for one kernelspec; of
// two processes that install the same one, the last wins, whole.
//
// It does not make the workspace that cells are built in, see package interpreter/build, and does
// not judge whether cells can run, see install/doctor.
package install
