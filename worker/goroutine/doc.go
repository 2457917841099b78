// Package goroutine knows which run of a cell a goroutine belongs to, ends goroutines that wait, is told
// of panics and calls of os.Exit that would end the process, and lends the main thread.
//
//	goroutine.Handle(goroutine.Handler{Panicked: w.panicked, Stopped: w.stopped, Exiting: w.exiting})
//	goroutine.SetRun(7)  // and that of all goroutines that this one starts, and so on
//	for _, w := range goroutine.Waiting(7) {
//		w.Wake()
//	}
//
//	goroutine.LendMain(func() {
//		go func() {
//			goroutine.Roam() // calls of C in here run on the main thread
//		}()
//	})
//
// Go has none of this. When gopy-kernel builds the worker it adds a file to the packages runtime, time
// and os of that build (interpreter/build/_overlay), with the build tag workspace, and changes
// a few lines there. The alternative was to rewrite each channel operation, each go statement and each
// call of package sync in the source of cells: it reaches no library, so a panic in a function
// that was handed to sync.WaitGroup.Go would still end the worker, and the code would be another one
// than the user wrote.
//
// In a program that was built without it, [Supported] is false and the functions do nothing.
package goroutine
