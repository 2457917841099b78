package doctor_test

import (
	"context"
	"fmt"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/install/doctor"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

func Example() {
	report := doctor.Examine(context.Background(), doctor.Config{
		Version:   "1.2.3",
		Workspace: build.Config{Sources: gopykernel.WorkerSources(), Version: "1.2.3"},
		Python:    locate.Options{Python: "/usr/bin/python3"},
	})
	for _, check := range report.Checks[:3] {
		fmt.Printf("%s (needed: %t)\n", check.Name, check.Needed)
	}
	// Output:
	// Go (needed: true)
	// C compiler (needed: true)
	// linker (needed: true)
}
