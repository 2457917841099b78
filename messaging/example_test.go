package messaging_test

import (
	"context"
	"fmt"
	"log"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A server that answers every comm_info_request, and a front end that sends one.
func Example() {
	transport := messaging.NewMemory() // messaging.ZMQ(nil) for the world outside
	server, err := messaging.Listen(messaging.ServerConfig{
		Connection: messaging.Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: messaging.SchemeHMACSHA256, Key: "secret"},
		Transport:  transport,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go server.Serve(ctx, func(request *messaging.Message) {
		reply, err := server.Answer(request, messaging.TypeCommInfoReply, messaging.CommInfoReply{Status: messaging.StatusOK})
		if err != nil {
			log.Fatal(err)
		}
		if err := server.Send(ctx, reply); err != nil {
			log.Fatal(err)
		}
	})

	front := messaging.NewSession("secret", "ann")
	shell, err := transport.Dial(ctx, messaging.Shell, server.Connection().Address(messaging.Shell), "")
	if err != nil {
		log.Fatal(err)
	}
	defer shell.Close(ctx)
	request, err := front.Message(messaging.TypeCommInfoRequest, nil, messaging.CommInfoRequest{})
	if err != nil {
		log.Fatal(err)
	}
	if err := shell.Send(ctx, front.Frames(request)); err != nil {
		log.Fatal(err)
	}
	frames, err := shell.Recv(ctx)
	if err != nil {
		log.Fatal(err)
	}
	reply, err := front.Parse(messaging.Shell, frames)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(reply.Header.Type, string(reply.Content))
	// Output: comm_info_reply {"status":"ok","comms":{}}
}
