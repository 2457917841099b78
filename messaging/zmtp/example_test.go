package zmtp_test

import (
	"fmt"
	"net"

	"github.com/gopy-kernel/gopy-kernel/messaging/zmtp"
)

// One goroutine plays the client, who knows the server's public key.
func Example() {
	public, secret, _ := zmtp.GenerateKey()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer l.Close()
	limits := zmtp.Config{MaxMessage: 1 << 20, MaxFrames: 100}
	go func() {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			return
		}
		c := limits
		c.Type, c.Security = zmtp.Dealer, zmtp.Curve(public, nil)
		if z, err := zmtp.Open(conn, c); err == nil {
			_ = z.WriteMessage([][]byte{[]byte("hello"), []byte("router")})
			_ = z.Flush()
		}
	}()
	conn, err := l.Accept()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()
	c := limits
	c.Type, c.Server, c.Security = zmtp.Router, true, zmtp.Curve(public, &secret)
	z, err := zmtp.Open(conn, c)
	if err != nil {
		fmt.Println(err)
		return
	}
	message, err := z.ReadMessage()
	fmt.Printf("%s %q %v\n", z.Peer().Type, message, err)
	// Output: DEALER ["hello" "router"] <nil>
}
