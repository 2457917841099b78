package install_test

import (
	"fmt"
	"os"

	"github.com/gopy-kernel/gopy-kernel/install"
)

func Example() {
	prefix, err := os.MkdirTemp("", "prefix-")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(prefix)
	kernels := install.PrefixKernels(prefix)

	staged, err := install.Stage(install.Config{Kernels: kernels, Program: "/usr/local/bin/gopy-kernel"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer staged.Discard()
	// Here is the time for what takes long and may fail.
	if err := staged.Commit(); err != nil {
		fmt.Println(err)
		return
	}
	for _, found := range install.List(kernels) {
		fmt.Println(found.Name, "shows as", found.Spec.DisplayName, "and starts", found.Spec.Program())
	}
	// Output:
	// gopy shows as Go (gopy) and starts /usr/local/bin/gopy-kernel
}
