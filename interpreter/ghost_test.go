package interpreter_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestInterruptedLocks interrupts readers and writers of a busy lock, in whatever they are about: then it is
// free, and nobody waits for it.
func TestInterruptedLocks(t *testing.T) {
	s := newSession(t)
	s.must(`type lock struct { state int32; sema, writerSem, readerSem uint32; readerCount, readerWait int32 }
var rw sync.RWMutex
n := 0`)
	for range 60 {
		failed := s.interrupted(t, `for range 4 {
	go func() { for { func() { rw.Lock(); defer rw.Unlock(); n++ }() } }()
	go func() { for { func() { rw.RLock(); defer rw.RUnlock(); _ = n }() } }()
}
time.Sleep(time.Millisecond) // from then on waiters take turns
println("running")
select {}`)
		require.Equal(t, "interrupt", failed.Name)
		require.Equal(t, "true {0 0 0 0 0 0}\n", s.must(`free := rw.TryLock(); if free { rw.Unlock() }; fmt.Println(free, *(*lock)(unsafe.Pointer(&rw)));`))
	}
}

// TestInterruptedWaitsInCollections interrupts goroutines that wait while the collector stops them wherever they
// are: none of them must still stand in a queue.
func TestInterruptedWaitsInCollections(t *testing.T) {
	s := newSession(t)
	s.must(`ch, other := make(chan int), make(chan int)`)
	for range 20 {
		failed := s.interrupted(t, `for range 200 { go func() { select { case <-ch: case other <- 1: } }() }
for range 2 { go func() { for { runtime.GC() } }() }
println("running")
select {}`)
		require.Equal(t, "interrupt", failed.Name)
		require.Equal(t, "[0]\n", s.must(`taken := 0; for range 1000 { select { case ch <- 1: taken++; case <-other: taken++; default: } }; taken`))
	}
}
