package kernel_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gopy-kernel/gopy-kernel/kernel"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A kernel runs until it is told to stop; here that is at once.
func Example() {
	server, err := messaging.Listen(messaging.ServerConfig{
		// A real one comes from messaging.ReadStartFile.
		Connection: messaging.Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: messaging.SchemeHMACSHA256, Key: "secret"},
	})
	if err != nil {
		log.Fatal(err)
	}
	k, err := kernel.New(kernel.Config{
		Server:      server,
		Interpreter: &play{}, // the real one is interpreter.New
		Info:        kernel.Info{Implementation: "gopy-kernel", Version: "0.1.0", Language: messaging.LanguageInfo{Name: "go"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	fmt.Println(k.Serve(ctx))
	// Output: <nil>
}
