package modules_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/gopy-kernel/gopy-kernel/interpreter/modules"
)

// A folder of a notebook may have packages beside it.
func Example() {
	dir, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(dir+"/shapes.go", []byte("package shapes\n\nconst Corners = 4\n"), 0o644); err != nil {
		log.Fatal(err)
	}
	session, err := modules.New(modules.Config{Go: "go", Env: os.Environ(), Dir: dir})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close()
	found, err := session.Resolve(context.Background(), modules.Request{Import: []string{"."}}, nil)
	if err != nil {
		log.Fatal(err)
	}
	if err := found.Keep(); err != nil {
		log.Fatal(err)
	}
	for _, p := range found.Packages {
		fmt.Println(p.Name, p.Local())
	}
	// Output: shapes true
}
