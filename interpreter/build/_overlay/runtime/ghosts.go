package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// This file is added to package runtime when the worker is built. It is about goroutines whose wait for a
// sync.RWMutex to write has ended early. They have closed it to new readers, and to open it again one would
// have to know how many of those inside are on their way out, which nobody counts. So another goroutine, the
// ghost, waits in their place and unlocks when it is let in. Until then it lets readers in: each counts
// itself among those that the ghost waits for.

// cellGhost is called in a goroutine of its own, with the semaphore that writers wait for. The worker sets
// it; it calls cellHaunt and then Unlock.
//
//go:linkname cellGhost
var cellGhost func(writerSem *uint32)

// A cellRWMutex is a sync.RWMutex.
type cellRWMutex struct {
	state, sema          uint32 // of the sync.Mutex that writers have, or wait for
	writerSem, readerSem uint32
	readerCount          int32
	readerWait           int32 // readers that the writer waits for
}

// A cellHaunted is a lock with a ghost.
type cellHaunted struct {
	lock *cellRWMutex
	next *cellHaunted
}

var cellGhosts struct {
	lock   mutex
	first  *cellHaunted
	number atomic.Int32
}

// cellHaunt waits in the place of a writer.
//
//go:linkname cellHaunt
func cellHaunt(writerSem *uint32) {
	getg().cell.run = 0
	rw := (*cellRWMutex)(unsafe.Add(unsafe.Pointer(writerSem), -int(unsafe.Offsetof(cellRWMutex{}.writerSem))))
	here := &cellHaunted{lock: rw}
	lock(&cellGhosts.lock)
	here.next, cellGhosts.first = cellGhosts.first, here
	unlock(&cellGhosts.lock)
	cellGhosts.number.Add(1)
	for cellAwaited(&rw.readerSem) && rw.admit() { // those who came before
		semrelease(&rw.readerSem)
	}
	semacquire1(writerSem, false, 0, 0, waitReasonSyncRWMutexLock)
	cellGhosts.number.Add(-1)
	lock(&cellGhosts.lock)
	for p := &cellGhosts.first; *p != nil; p = &(*p).next {
		if *p == here {
			*p = here.next
			break
		}
	}
	unlock(&cellGhosts.lock)
}

// cellAwaited reports whether goroutines wait for a semaphore.
func cellAwaited(addr *uint32) bool {
	root := semtable.rootFor(addr)
	lockWithRank(&root.lock, lockRankRoot)
	awaited := root.cellFirst(addr) != nil
	unlock(&root.lock)
	return awaited
}

// admit lets a reader in. It reports false where the reader has to wait: the ghost is about to be let in, or
// another writer waits for it, which would have closed the lock.
func (rw *cellRWMutex) admit() bool {
	const waiterShift = 3 // in internal/sync.Mutex
	for atomic.Load(&rw.state)>>waiterShift == 0 {
		n := atomic.Loadint32(&rw.readerWait)
		if n == 0 {
			return false
		}
		if atomic.Casint32(&rw.readerWait, n, n+1) {
			return true
		}
	}
	return false
}

// cellAdmitted is called where a reader is about to wait for a writer. It reports whether that is a ghost
// who lets it in.
func cellAdmitted(readerSem *uint32) bool {
	if cellGhosts.number.Load() == 0 {
		return false
	}
	lock(&cellGhosts.lock)
	haunted := cellGhosts.first
	for haunted != nil && &haunted.lock.readerSem != readerSem {
		haunted = haunted.next
	}
	admitted := haunted != nil && haunted.lock.admit()
	unlock(&cellGhosts.lock)
	return admitted
}
