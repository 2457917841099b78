package kerneltest_test

import (
	"fmt"
	"log"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func ExampleValidate() {
	m, err := messaging.NewSession("", "kernel").Message(messaging.TypeStatus, nil, map[string]string{"execution_state": "asleep"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kerneltest.Validate(m))
	// Output: content of status: execution_state: asleep is not one of starting, busy, idle: {"execution_state":"asleep"}
}
