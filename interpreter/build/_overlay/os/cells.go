package os

// cellExit is asked before Exit ends the process. The worker sets it.
var cellExit func(code int)

func callCellExit(code int) {
	if cellExit != nil {
		cellExit(code)
	}
}
