package runtime

import _ "unsafe" // for linkname

// This file is added to package runtime when the worker is built. With it the thread that the process
// began with, where Python and other C code of cells must run, is lent to goroutines. A goroutine that
// roams runs on any thread, as goroutines do, until it calls C or LockOSThread; then it goes to that
// thread and is locked to it until it waits or ends. Were it always locked to it, each switch between it
// and another goroutine were one of threads.
//
// Who is locked to the thread changes only on the thread itself and while it runs nobody, as in
// coroswitch_m: so that never meets stoplockedm.

// cellMain is that thread.
var cellMain struct {
	lock   mutex
	keeper *g     // the goroutine that is locked to it while nobody wants it
	idle   bool   // it is the keeper's, who waits for somebody who wants it
	ended  bool   // it is no longer lent
	fixed  bool   // who had it last has called LockOSThread more often than UnlockOSThread
	wanted gQueue // the goroutines that wait for it
}

// A cellHome is what a goroutine has to do with the thread.
type cellHome struct {
	away  bool // it roams and does not have it: cgocall and LockOSThread look at this
	roams bool // it is to have it for calls of C
	has   bool // it runs on it, and is locked to it
}

func (gp *g) cellSet(has bool) {
	home := &gp.cell.home
	home.has, home.away = has, home.roams && !has
}

// cellRoam makes the calling goroutine one that roams.
//
//go:linkname cellRoam
func cellRoam() {
	gp := getg()
	gp.cell.home.roams = true
	gp.cellSet(false)
	lock(&cellMain.lock)
	fixed := cellMain.fixed
	unlock(&cellMain.lock)
	if fixed {
		cellGo()
	}
}

// cellGo brings the calling goroutine, which is away, to the thread. Neither C arguments on its stack nor
// what they point at may move meanwhile, see cgocall: so no stack grows here, and none shrinks.
//
//go:linkname cellGo
//go:nosplit
func cellGo() {
	getg().parkingOnChan.Store(true)
	mcall(cellWant)
}

// cellWant is cellGo on g0.
func cellWant(gp *g) {
	cellPark(gp)
	lock(&cellMain.lock)
	cellMain.wanted.pushBack(gp)
	idle := cellMain.idle
	cellMain.idle = false
	unlock(&cellMain.lock)
	if idle {
		ready(cellMain.keeper, 0, true)
	}
	schedule()
}

// cellKeep makes the calling goroutine, which has called LockOSThread once on the thread, its keeper until
// cellEndLending.
//
//go:linkname cellKeep
func cellKeep() {
	cellMain.keeper = getg()
	for !cellMain.ended {
		mcall(cellLend)
	}
	cellMain.keeper = nil
}

// cellEndLending ends cellKeep, when the thread is free.
//
//go:linkname cellEndLending
func cellEndLending() {
	lock(&cellMain.lock)
	cellMain.ended = true
	idle := cellMain.idle
	cellMain.idle = false
	unlock(&cellMain.lock)
	if idle {
		goready(cellMain.keeper, 1)
	}
}

// cellLend lends the thread to the next who wants it, or waits. It runs on g0 of the thread, which the
// keeper has.
func cellLend(keeper *g) {
	mp := keeper.m
	cellPark(keeper)
	lock(&cellMain.lock)
	gp := cellMain.wanted.pop()
	cellMain.idle = gp == nil && !cellMain.ended
	idle := cellMain.idle
	unlock(&cellMain.lock)
	switch {
	case gp != nil:
		keeper.lockedm = 0
		gp.parkingOnChan.Store(false)
		gp.cellSet(true)
		cellSwitch(gp, mp)
	case idle:
		schedule()
	default:
		cellSwitch(keeper, mp)
	}
}

// cellReturn gives the thread back to its keeper. It runs on g0 of the thread, which gp has; gp goes on
// elsewhere.
func cellReturn(gp *g) {
	mp := gp.m
	lock(&cellMain.lock)
	cellMain.fixed = mp.lockedExt > 1
	unlock(&cellMain.lock)
	mp.lockedInt = 0 // there may be calls from C that will not return, see cellLeave
	gp.cellSet(false)
	trace := traceAcquire()
	if trace.ok() {
		trace.GoSched()
	}
	casgstatus(gp, _Grunning, _Grunnable)
	if trace.ok() {
		traceRelease(trace)
	}
	dropg()
	gp.lockedm = 0
	runqput(mp.p.ptr(), gp, false)
	wakep()
	cellSwitch(cellMain.keeper, mp)
}

// cellPark makes the running goroutine wait. It is the first half of park_m.
func cellPark(gp *g) {
	gp.waitreason = waitReasonZero // none that cellCanWake knows
	trace := traceAcquire()
	if trace.ok() {
		trace.GoPark(traceBlockGeneric, 1)
	}
	casgstatus(gp, _Grunning, _Gwaiting)
	if trace.ok() {
		traceRelease(trace)
	}
	dropg()
}

// cellSwitch runs a goroutine that waits on the calling thread, and locks it to it.
func cellSwitch(gp *g, mp *m) {
	cellLock(gp, mp)
	trace := traceAcquire()
	casgstatus(gp, _Gwaiting, _Grunnable)
	if trace.ok() {
		trace.GoUnpark(gp, 0)
		traceRelease(trace)
	}
	execute(gp, false)
}

func cellLock(gp *g, mp *m) {
	gp.lockedm.set(mp)
	mp.lockedg.set(gp)
}

// cellEnd is called by goexit1: the end of a goroutine that is locked to a thread would be the thread's.
func cellEnd() {
	if getg().cell.home.has {
		mcall(cellReturn)
	}
}

// cellLeave gives the thread back for good. Calls from C that stand on the stack must not return, so the
// caller must not go on with them.
//
//go:linkname cellLeave
func cellLeave() {
	getg().cell.home.roams = false
	cellEnd()
}

// cellLetGo is called by gopark on a goroutine that has the thread. From now on it is the keeper's, who
// hears of it when the goroutine waits indeed.
func cellLetGo(gp *g) {
	mp := gp.m
	if mp.cellFixed() {
		return
	}
	gp.cellSet(false)
	gp.lockedm = 0
	cellLock(cellMain.keeper, mp)
}

// cellGoOn is called by park_m on a goroutine that does not wait after all.
func cellGoOn(gp *g) {
	mp := getg().m
	if cellMain.keeper != nil && mp.lockedg.ptr() == cellMain.keeper {
		cellMain.keeper.lockedm = 0
		gp.cellSet(true)
		cellLock(gp, mp)
	}
}

// cellParked is called by park_m on the thread, when the goroutine that had it waits.
func cellParked() {
	mp := getg().m
	keeper := cellMain.keeper
	if keeper == nil || mp.lockedg.ptr() != keeper {
		return
	}
	lock(&cellMain.lock)
	wanted := !cellMain.wanted.empty() || cellMain.ended
	cellMain.idle = !wanted
	cellMain.fixed = false
	unlock(&cellMain.lock)
	if wanted {
		cellSwitch(keeper, mp)
	}
}

// cellFixed reports whether the goroutine that has the thread must keep it: it has called LockOSThread,
// or C code that it has called stands below it. The keeper's call of LockOSThread is always counted.
func (mp *m) cellFixed() bool { return mp.lockedInt > 0 || mp.lockedExt > 1 }

// cellUnlocks reports whether a call of UnlockOSThread is one too many.
//
//go:nosplit
func cellUnlocks() bool {
	gp := getg()
	return gp.cell.home.has && gp.m.lockedExt == 1
}

// A coroutine, which iter.Pull makes, is a part of the goroutine that made it: what it calls in C runs on
// the thread, too, and the thread goes along in a switch between the two. Only locks that are not ours
// must be the same at each switch.

// cellNewcoro is called by newcoro.
func cellNewcoro(c *coro, newg *g) {
	gp := getg()
	newg.cell.home.roams = gp.cell.home.roams
	newg.cellSet(false)
	if gp.cell.home.has && !gp.m.cellFixed() {
		c.mp, c.lockedExt = nil, 0
	}
}

// cellCoroBegin is called by coroswitch_m before it compares the locks.
func cellCoroBegin(c *coro, gp *g) (ours bool) {
	ours = gp.cell.home.has && c.mp == nil && !gp.m.cellFixed()
	if ours {
		c.mp, c.lockedExt = gp.m, gp.m.lockedExt
	}
	return ours
}

// cellCoroEnd is called when they have been compared.
func cellCoroEnd(c *coro, gp *g, ours bool) (has bool) {
	if ours {
		c.mp, c.lockedExt = nil, 0
	}
	if has = gp.cell.home.has; has {
		gp.cellSet(false)
	}
	return has
}
