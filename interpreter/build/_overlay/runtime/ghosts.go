package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// This file is added to package runtime when the worker is built. It is about waits for what package sync
// has, which counts those who wait, when they end early.
//
// Who has left the queue is taken back from the count, but there are two cases in which a ghost, another
// goroutine, has to wait in its place. One is that somebody has just taken it from the count, and is about
// to wake it: what that one gives has to be taken. The other is a sync.RWMutex to write. The goroutine has
// closed it to new readers, and to open it again one would have to know how many of those inside are on
// their way out, which nobody counts. So the ghost waits, and unlocks when it is let in. Until then it lets
// readers in: each counts itself among those that the ghost waits for.

// cellUnlockMutex and cellUnlockRWMutex lock what a ghost has waited for, if it has not got it, and unlock.
// The worker sets them.
var (
	//go:linkname cellUnlockMutex
	cellUnlockMutex func(mutex unsafe.Pointer, locked bool)
	//go:linkname cellUnlockRWMutex
	cellUnlockRWMutex func(mutex unsafe.Pointer)
)

// A cellMutex is a sync.Mutex.
type cellMutex struct {
	state int32 // the flags, and how many wait
	sema  uint32
}

const (
	cellLocked = 1 << iota
	cellWoken
	cellStarving
	cellWaiter // one of them
)

// waiters is how many wait, without the one that is being woken.
func (m *cellMutex) waiters() int32 { return atomic.Loadint32(&m.state) / cellWaiter }

// A cellRWMutex is a sync.RWMutex.
type cellRWMutex struct {
	writers              cellMutex
	writerSem, readerSem uint32
	readerCount          int32
	readerWait           int32 // readers that the writer waits for
}

func cellMutexOf(sema *uint32) *cellMutex {
	return (*cellMutex)(unsafe.Add(unsafe.Pointer(sema), -int(unsafe.Offsetof(cellMutex{}.sema))))
}

func cellIsSync(reason waitReason) bool {
	switch reason {
	case waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock, waitReasonSyncWaitGroupWait:
		return true
	}
	return false
}

// cellUnregister takes a waiter back that package sync has counted, so that what it waited for can be used by
// others. The address is that of the semaphore in it. It reports whether a ghost is needed.
func cellUnregister(reason waitReason, addr unsafe.Pointer) (ghost bool) {
	switch reason {
	case waitReasonSyncMutexLock:
		m := cellMutexOf((*uint32)(addr))
		for old := atomic.Loadint32(&m.state); old/cellWaiter != 0; old = atomic.Loadint32(&m.state) {
			next := old - cellWaiter
			if next/cellWaiter == 0 && old&cellStarving != 0 {
				if old&cellLocked == 0 {
					return true // it is being handed over, and nobody else is there to take it
				}
				next &^= cellStarving // or it would be handed over to nobody
			}
			if atomic.Casint32(&m.state, old, next) {
				return false
			}
		}
		return true
	case waitReasonSyncRWMutexRLock: // readerSem, readerCount
		return atomic.Xaddint32((*int32)(add(addr, 4)), -1) >= 0
	case waitReasonSyncRWMutexLock:
		return true
	case waitReasonSyncWaitGroupWait: // sync.WaitGroup: state, sema; the waiters are the low bits
		state := (*uint64)(add(addr, ^uintptr(7)))
		for old := atomic.Load64(state); old&0x7fffffff != 0; old = atomic.Load64(state) {
			if atomic.Cas64(state, old, old-1) {
				return false
			}
		}
		return true
	}
	return false
}

// cellHaunting reports whether there is a ghost that can go on.
//
//go:linkname cellHaunting
func cellHaunting() (haunting bool) {
	forEachGRace(func(gp *g) {
		if gp.cell.ghost && cellGoesOn(readgstatus(gp)&^_Gscan) {
			haunting = true
		}
	})
	return haunting
}

func cellGoesOn(status uint32) bool {
	return status != _Gwaiting && status != _Gdead && status != _Gidle
}

// cellHaunt is what a ghost does.
func cellHaunt(reason waitReason, sema *uint32) {
	getg().cell.run = 0
	switch reason {
	case waitReasonSyncMutexLock:
		m := cellMutexOf(sema)
		semacquire1(sema, false, 0, 0, reason)
		cellUnlockMutex(unsafe.Pointer(m), m.woken())
	case waitReasonSyncRWMutexLock:
		rw := (*cellRWMutex)(unsafe.Add(unsafe.Pointer(sema), -int(unsafe.Offsetof(cellRWMutex{}.writerSem))))
		rw.haunt()
		cellUnlockRWMutex(unsafe.Pointer(rw))
	default:
		semacquire1(sema, false, 0, 0, reason)
	}
}

// woken does what who was woken has to do. It reports whether the lock was handed over.
func (m *cellMutex) woken() (locked bool) {
	for {
		old := atomic.Loadint32(&m.state)
		next := old &^ cellWoken
		if locked = old&cellStarving != 0; locked {
			next = old + cellLocked - cellWaiter
			if old/cellWaiter == 1 {
				next &^= cellStarving
			}
		}
		if atomic.Casint32(&m.state, old, next) {
			return locked
		}
	}
}

// A cellHaunted is a lock in which a ghost waits to write.
type cellHaunted struct {
	lock *cellRWMutex
	next *cellHaunted
}

var cellGhosts struct {
	lock   mutex
	first  *cellHaunted
	number atomic.Int32
}

// haunt waits to write.
func (rw *cellRWMutex) haunt() {
	here := &cellHaunted{lock: rw}
	lock(&cellGhosts.lock)
	here.next, cellGhosts.first = cellGhosts.first, here
	unlock(&cellGhosts.lock)
	cellGhosts.number.Add(1)
	for rw.admitFirst() { // those who came before
	}
	semacquire1(&rw.writerSem, false, 0, 0, waitReasonSyncRWMutexLock)
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

// admitFirst lets the first reader in who waits. It does so in one step, for a reader who is counted and has
// ended meanwhile would keep the ghost waiting.
func (rw *cellRWMutex) admitFirst() bool {
	root := semtable.rootFor(&rw.readerSem)
	lockWithRank(&root.lock, lockRankRoot)
	s := root.cellFirst(&rw.readerSem)
	admitted := s != nil && rw.admit()
	if admitted {
		root.dequeue(&rw.readerSem)
		root.nwait.Add(-1)
		s.ticket = 1 // it need not look whether the semaphore has something for it
	}
	unlock(&root.lock)
	if admitted {
		readyWithTime(s, 1)
	}
	return admitted
}

// cellReadmit is called when a goroutine waits no longer for a mutex: it may have been a writer behind a ghost.
func cellReadmit() {
	for n := cellGhosts.number.Load(); n > 0; n-- {
		lock(&cellGhosts.lock)
		haunted := cellGhosts.first
		for range n - 1 {
			if haunted != nil {
				haunted = haunted.next
			}
		}
		unlock(&cellGhosts.lock)
		for haunted != nil && haunted.lock.admitFirst() {
		}
	}
}

// admit lets a reader in. It reports false where the reader has to wait: the ghost is about to be let in, or
// another writer waits behind it, which would have closed the lock.
func (rw *cellRWMutex) admit() bool {
	for rw.writers.waiters() == 0 {
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
// who lets it in. One that the writer before has let in already takes what that one gave: it is counted.
func cellAdmitted(readerSem *uint32) bool {
	if cellGhosts.number.Load() == 0 {
		return false
	}
	if cansemacquire(readerSem) {
		return true
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
