package comm_test

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/comm"
)

// A page is played here by a function that answers at once.
func Example() {
	comm.Connect(func(p comm.Packet) error {
		if p.Kind == comm.Tells {
			comm.Deliver(comm.Packet{Kind: comm.Tells, ID: p.ID, Message: comm.Message{Data: []byte(`{"x":3}`)}})
		}
		return nil
	})
	defer comm.Connect(nil)

	c, err := comm.Open("my_target", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	c.OnMessage(func(m comm.Message) {
		var click struct{ X int }
		fmt.Println(m.Decode(&click), click.X)
	})
	fmt.Println(c.Send(map[string]string{"color": "red"}))
	// Output:
	// <nil> 3
	// <nil>
}
