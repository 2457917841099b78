package cell

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// In a plain program goroutines belong to no run, which stands for the one that is running.
func TestCheck(t *testing.T) {
	looped := make(chan bool)
	ended := make(chan bool)
	Begin(7)
	go func() {
		defer close(ended)
		defer func() { require.Nil(t, recover(), "it ends by Goexit, which nobody recovers") }()
		for n := 0; ; n++ {
			if n == 1000 {
				close(looped)
			}
			Check()
		}
	}()
	<-looped
	Stop(6)
	require.True(t, Stopped(6))
	require.False(t, Stopped(7))
	select {
	case <-ended:
		t.Fatal("another run was stopped")
	case <-time.After(10 * time.Millisecond):
	}
	Stop(7)
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("the goroutine did not end")
	}
	Forget(6)
	require.Equal(t, uint32(1), interrupted.Load(), "a run is left")
	Forget(7)
	Check()
	require.Zero(t, interrupted.Load())
}

func TestReturn(t *testing.T) {
	Begin(8)
	Stop(8)
	Leave(8)
	Check() // goes on
	ended := make(chan bool)
	returned := false
	go func() {
		defer close(ended)
		_ = Kept(1)
		returned = true
	}()
	<-ended
	require.False(t, returned)
	Forget(8)
	require.Equal(t, 1, Kept(1))
	Leave(8) // which nobody has stopped
	require.Zero(t, interrupted.Load())
}

func TestVariablesOfAKeyHaveOneType(t *testing.T) {
	var n, same *int
	Var(&n, "n", "n#int")
	Var(&same, "n", "n#int")
	require.Same(t, n, same)
	var other *string
	require.Panics(t, func() { Var(&other, "n", "n#int") })
	require.Nil(t, other)
}
