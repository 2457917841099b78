package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// This file is added to package runtime when the worker is built, and a few lines elsewhere in the
// package call it. It knows which run of a cell a goroutine belongs to, ends goroutines that wait,
// and says when one panics. Package worker/goroutine is the other side.

// A cellState is what a goroutine has for the sake of cells.
type cellState struct {
	run   uint64  // the run of a cell that it, or the goroutine that started it, works for; 0 for none
	parks uint32  // how often it has waited
	lock  uintptr // what gopark was given last
	stop  bool    // it was woken to end; set by the one who woke it
	ghost bool    // see ghosts.go
	home  cellHome

	// What it waited for when it was woken to end. The collector, which may stop it before it runs on, changes
	// waitreason.
	reason waitReason
}

// cellPanicked is called in a goroutine that has run its deferred functions when nobody has recovered.
// The worker sets it once, before it runs the first cell, as it does cellStopped.
//
//go:linkname cellPanicked
var cellPanicked func(value any) (ended bool)

// cellStopped is called in a goroutine that has waited and is to end. It does not return.
//
//go:linkname cellStopped
var cellStopped func()

// begin is called by newproc1.
func (c *cellState) begin(parent *g) {
	*c = cellState{run: parent.cell.run, ghost: parent.cell.ghost}
	if mp := getg().m; c.run == 0 && mp.curg != nil {
		c.run = mp.curg.cell.run
	}
}

// park is called by gopark before the goroutine waits.
func (c *cellState) park(lock unsafe.Pointer) {
	c.parks++
	c.lock = uintptr(lock)
	if c.home.has {
		cellLetGo(getg())
	}
}

// unpark is called by gopark when the goroutine runs again.
func (c *cellState) unpark() {
	if c.stop {
		cellEndWait(getg())
	}
}

// cellPanic is called by gopanic before it would end the process.
func cellPanic(p *_panic) {
	if cellPanicked == nil || !cellPanicked(p.arg) {
		return
	}
	runningPanicDefers.Add(-1)
	goexit1()
}

// cellRun is the run that the calling goroutine belongs to.
//
//go:linkname cellRun
func cellRun() uint64 { return getg().cell.run }

// cellSetRun makes the calling goroutine belong to a run.
//
//go:linkname cellSetRun
func cellSetRun(run uint64) { getg().cell.run = run }

// cellCount is the number of goroutines that belong to a run.
//
//go:linkname cellCount
func cellCount(run uint64) int {
	n := 0
	forEachGRace(func(gp *g) {
		if gp.cell.run == run && cellIsUsers(gp) {
			n++
		}
	})
	return n
}

// cellIsUsers reports whether a goroutine lives and is none of the runtime's own, which whoever needs them
// first starts: those of the collector would else belong to the cell that filled the heap.
func cellIsUsers(gp *g) bool {
	return readgstatus(gp)&^_Gscan != _Gdead && !isSystemGoroutine(gp, false)
}

// cellStuck reports whether all goroutines that belong to runs wait for channels or locks, none of them
// for a timer: then nothing in the process is known to wake them. They are looked at one after the other,
// and two that wake each other in turns may each be met while it waits; so all are looked at twice, and
// none must have waited anew.
//
//go:linkname cellStuck
func cellStuck() bool {
	parks, stuck := cellParks()
	again, still := cellParks()
	return stuck && still && parks == again && !cellAwaitsTime()
}

// cellAwaitsTime reports whether a function is to be called at a time to come: one that time.AfterFunc was
// given, or the end of a context.
func cellAwaitsTime() (found bool) {
	systemstack(func() {
		lock(&allpLock)
		for _, pp := range allp {
			pp.timers.lock()
			for _, waits := range pp.timers.heap {
				t := waits.timer
				found = found || t.astate.Load()&timerZombie == 0 && funcname(findfunc(**(**uintptr)(unsafe.Pointer(&t.f)))) == "time.goFunc"
			}
			pp.timers.unlock()
		}
		unlock(&allpLock)
	})
	return found
}

// cellParks is how often the goroutines that belong to runs have waited, and whether all wait for others. It
// is false if there are none.
func cellParks() (parks uint64, wait bool) {
	wait = true
	any := false
	forEachGRace(func(gp *g) {
		if gp.cell.run == 0 || !cellIsUsers(gp) {
			return
		}
		any = true
		systemstack(func() {
			if !castogscanstatus(gp, _Gwaiting, _Gscanwaiting) {
				wait = false
				return
			}
			parks += uint64(gp.cell.parks)
			wait = wait && cellWaitsForOthers(gp)
			casfrom_Gscanstatus(gp, _Gscanwaiting, _Gwaiting)
		})
	})
	return parks, wait && any
}

func cellWaitsForOthers(gp *g) bool {
	switch gp.waitreason {
	case waitReasonChanReceive, waitReasonChanSend, waitReasonSelect:
		for s := gp.waiting; s != nil; s = s.waitlink {
			if c := s.c.get(); c != nil && c.timer != nil {
				return false
			}
		}
		return true
	case waitReasonSleep, waitReasonIOWait, waitReasonSemacquire: // the last is for the runtime itself, such as a collection
		return false
	}
	return cellCanWake(gp.waitreason)
}

// A cellWait is a goroutine that waits.
type cellWait struct {
	g     uintptr
	id    uint64
	parks uint32
	depth int32
	pcs   [64]uintptr // return addresses, the innermost first; the last is where it was started
}

// cellWaits finds goroutines of a run that cellWake can end.
//
//go:linkname cellWaits
func cellWaits(run uint64, waits []cellWait) int {
	n := 0
	forEachGRace(func(gp *g) {
		if n < len(waits) && gp.cell.run == run && !gp.cell.ghost && readgstatus(gp) == _Gwaiting {
			systemstack(func() {
				if cellFill(gp, run, &waits[n]) {
					n++
				}
			})
		}
	})
	return n
}

func cellFill(gp *g, run uint64, w *cellWait) bool {
	if !castogscanstatus(gp, _Gwaiting, _Gscanwaiting) {
		return false
	}
	ok := gp.cell.run == run && cellCanWake(gp.waitreason)
	if ok {
		w.g, w.id, w.parks = uintptr(unsafe.Pointer(gp)), gp.goid, gp.cell.parks
		n := gcallers(gp, 0, w.pcs[:len(w.pcs)-1])
		w.pcs[n] = gp.gopc
		w.depth = int32(n + 1)
	}
	casfrom_Gscanstatus(gp, _Gscanwaiting, _Gwaiting)
	return ok
}

func cellCanWake(reason waitReason) bool {
	switch reason {
	case waitReasonChanReceive, waitReasonChanSend, waitReasonChanReceiveNilChan, waitReasonChanSendNilChan,
		waitReasonSelect, waitReasonSelectNoCases, waitReasonSleep, waitReasonIOWait, waitReasonSemacquire,
		waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock,
		waitReasonSyncWaitGroupWait, waitReasonSyncCondWait:
		return true
	}
	return false
}

// cellWake wakes a goroutine that cellWaits has found, if it still waits for the same. It then calls
// cellStopped; only after sync.Cond.Wait it goes on, for Wait has to lock again what its caller unlocks.
//
//go:linkname cellWake
func cellWake(at uintptr, id uint64, parks uint32) (woken bool) {
	gp := (*g)(unsafe.Pointer(at)) // never freed, but it may have become another goroutine
	systemstack(func() {
		// Nobody else can make the goroutine run while the scan bit is set: who wants to spins. What is
		// locked below is never held by one who spins.
		if !castogscanstatus(gp, _Gwaiting, _Gscanwaiting) {
			return
		}
		taken := gp.goid == id && gp.cell.parks == parks && cellTake(gp)
		casfrom_Gscanstatus(gp, _Gscanwaiting, _Gwaiting)
		if taken {
			ready(gp, 0, true)
			woken = true
		}
	})
	return woken
}

// cellTake takes a goroutine out of the queues that it waits in, so that nobody else will wake it. It
// reports false where somebody has done so already, or will.
func cellTake(gp *g) bool {
	if gp.cell.stop { // two may look for goroutines to end
		return false
	}
	taken := false
	var ghost unsafe.Pointer
	gp.cell.reason = gp.waitreason
	switch gp.waitreason {
	case waitReasonChanReceiveNilChan, waitReasonChanSendNilChan, waitReasonSelectNoCases:
		taken = true
	case waitReasonSelect:
		taken = gp.selectDone.CompareAndSwap(0, 1)
	case waitReasonChanReceive, waitReasonChanSend:
		taken = cellTakeFromChannel(gp.waiting)
	case waitReasonSemacquire, waitReasonSyncMutexLock, waitReasonSyncRWMutexRLock, waitReasonSyncRWMutexLock, waitReasonSyncWaitGroupWait:
		taken, ghost = cellTakeFromSemaphore(gp)
	case waitReasonSyncCondWait:
		return cellTakeFromCond(gp.waiting)
	case waitReasonIOWait:
		if taken = atomic.Casuintptr((*uintptr)(unsafe.Pointer(gp.cell.lock)), uintptr(unsafe.Pointer(gp)), pdNil); taken {
			netpollAdjustWaiters(-1)
		}
	case waitReasonSleep:
		gp.cell.stop = true
		gp.timer.reset(nanotime(), 0) // which wakes it
		return false
	}
	if taken { // or who wakes it may have said by param what for
		gp.cell.stop = true
		gp.param = ghost
	}
	return taken
}

func cellTakeFromChannel(s *sudog) (taken bool) {
	c := s.c.get()
	lock(&c.lock)
	if q := cellQueue(c, s); q != nil {
		q.dequeueSudoG(s)
		taken = true
	}
	unlock(&c.lock)
	return taken
}

// cellQueue is the queue of a channel that has s in it. The channel is locked.
func cellQueue(c *hchan, s *sudog) *waitq {
	for _, q := range [...]*waitq{&c.recvq, &c.sendq} {
		for x := q.first; x != nil; x = x.next {
			if x == s {
				return q
			}
		}
	}
	return nil
}

// cellTakeFromSemaphore also returns the semaphore, if somebody has to wait there in its place.
func cellTakeFromSemaphore(gp *g) (taken bool, ghost unsafe.Pointer) {
	s := gp.waiting
	if s == nil {
		return false, nil
	}
	addr := (*uint32)(s.elem.get())
	if spanOfHeap(uintptr(unsafe.Pointer(addr))) == nil && gp.waitreason == waitReasonSemacquire {
		return false, nil // it is one of the runtime's own, such as that for the next collection, and the goroutine may have others
	}
	root := semtable.rootFor(addr)
	lockWithRank(&root.lock, lockRankRoot)
	taken = gp.waiting == s && root.cellQueued(addr, s)
	if taken {
		// While it stands in the queue: who counts those who wait, and wakes them, sees both or neither.
		if cellUnregister(gp.waitreason, unsafe.Pointer(addr)) {
			ghost = unsafe.Pointer(addr)
		}
		root.cellDequeue(addr, s)
		root.nwait.Add(-1)
	}
	unlock(&root.lock)
	return taken, ghost
}

// cellQueued reports whether s waits for a semaphore. The root is locked, as it is for what follows.
func (root *semaRoot) cellQueued(addr *uint32, s *sudog) bool {
	waits := root.cellFirst(addr)
	for waits != nil && waits != s {
		waits = waits.waitlink
	}
	return waits != nil
}

// cellDequeue is dequeue for a certain waiter, who is in the queue.
func (root *semaRoot) cellDequeue(addr *uint32, s *sudog) {
	first := root.cellFirst(addr)
	if first == s {
		root.dequeue(addr)
		return
	}
	before := first
	for before.waitlink != s {
		before = before.waitlink
	}
	before.waitlink = s.waitlink
	if first.waittail == s {
		first.waittail = before
		if before == first {
			first.waittail = nil
		}
	}
	if first.waiters > 1 {
		first.waiters--
	}
	s.waitlink = nil
	s.elem.set(nil)
	s.g.waiting = nil
}

// cellFirst is the first who waits for a semaphore.
func (root *semaRoot) cellFirst(addr *uint32) *sudog {
	first := root.treap
	for first != nil && first.elem.uintptr() != uintptr(unsafe.Pointer(addr)) {
		if uintptr(unsafe.Pointer(addr)) < first.elem.uintptr() {
			first = first.prev
		} else {
			first = first.next
		}
	}
	return first
}

func cellTakeFromCond(s *sudog) (taken bool) {
	if s == nil {
		return false
	}
	l := (*notifyList)(s.elem.get())
	lockWithRank(&l.lock, lockRankNotifyList)
	var before *sudog
	for x := l.head; x != nil; before, x = x, x.next {
		if x != s {
			continue
		}
		if before == nil {
			l.head = s.next
		} else {
			before.next = s.next
		}
		if l.tail == s {
			l.tail = before
		}
		s.next = nil
		taken = true
		break
	}
	unlock(&l.lock)
	return taken
}

// cellEndWait ends the calling goroutine, which was woken by cellWake.
func cellEndWait(gp *g) {
	gp.cell.stop = false
	reason := gp.cell.reason
	if reason == waitReasonSelect {
		cellLeaveSelect(gp)
	}
	if reason == waitReasonChanReceive || reason == waitReasonChanSend {
		if c := gp.waiting.c.get(); c.timer != nil {
			unblockTimerChan(c)
		}
	}
	// The frames of the wait stay on the stack while deferred functions run. Nobody adjusts what they refer
	// to when the stack moves.
	for s := gp.waiting; s != nil; s = s.waitlink {
		s.elem.set(nil)
		s.c.set(nil)
		s.isSelect = false
	}
	gp.waiting = nil
	ghost := (*uint32)(gp.param)
	gp.param = nil
	gp.activeStackChans = false
	if ghost != nil && cellIsSync(reason) {
		gp.cell.ghost = true
		go cellHaunt(reason, ghost)
		gp.cell.ghost = false
	}
	if reason == waitReasonSyncMutexLock {
		cellReadmit()
	}
	if cellStopped != nil {
		cellStopped()
	}
	Goexit()
}

func cellLeaveSelect(gp *g) {
	for s := gp.waiting; s != nil; s = s.waitlink {
		c := s.c.get()
		if c.timer != nil {
			unblockTimerChan(c)
		}
		lock(&c.lock)
		if q := cellQueue(c, s); q != nil {
			q.dequeueSudoG(s)
		}
		unlock(&c.lock)
	}
	gp.selectDone.Store(0)
}
