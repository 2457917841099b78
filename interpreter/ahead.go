package interpreter

import (
	"context"
	"runtime"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// While a cell runs, those that wait behind it are compiled, as if each ran to its end. Where one does
// not, what was compiled for the next is of no use, and of no harm: it stands in the cache under the hash of
// its text.

// furthest is how many cells are compiled ahead.
const furthest = 4

// compileNext begins to compile the cells that are to run after one that was committed. The function that
// it returns ends that.
func (i *Interpreter) compileNext(ctx context.Context, w Workspace, running Cell, g *generated) (stop func()) {
	if running.Next == nil {
		return func() {}
	}
	ctx, stop = context.WithCancel(ctx)
	libraries := i.fetched.libraries
	go func() { // ends when the cells are compiled, or with the context
		defer stop()
		var builds sync.WaitGroup
		defer builds.Wait()
		free := make(chan struct{}, runtime.NumCPU())
		for _, unit := range i.ahead(g, running.Next(furthest)) {
			unit.Libraries = libraries
			free <- struct{}{}
			builds.Go(func() {
				_, _ = w.Build(ctx, unit) // what is wrong with it is said when the cell's turn comes
				<-free
			})
		}
	}()
	return stop
}

// ahead is what is to be built for cells that will run after the one that was committed.
func (i *Interpreter) ahead(g *generated, cells []Cell) (units []build.Unit) {
	i.mu.Lock()
	defer i.mu.Unlock()
	session := i.names.after(g)
	for _, cell := range cells {
		if hasCommands(cell.Source) {
			return units
		}
		next, err := i.compileIn(session, cell)
		if err != nil {
			return units
		}
		if next == nil {
			continue // there is nothing in it
		}
		units = append(units, next.unit)
		session.commit(next)
		session = session.after(next)
	}
	return units
}

// hasCommands reports whether a cell may change what the next ones mean in ways that are not known before.
func hasCommands(source string) bool {
	if otherLanguage(source) {
		return true
	}
	_, commands := takeCommands(source)
	return len(commands) > 0
}
