package proc_test

import (
	"fmt"
	"os"

	"github.com/gopy-kernel/gopy-kernel/internal/proc"
)

func Example() {
	self, err := proc.Read("/proc", "self")
	if err != nil {
		return // not on Linux
	}
	fmt.Println(self.PID == os.Getpid(), self.Parent == os.Getppid())
	// Output: true true
}
