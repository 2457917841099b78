// Package comm connects code in cells with code on the page that shows the notebook, over the comms of
// Jupyter's protocol: either side opens one, both send messages of JSON and bytes, until one closes it.
//
//	c, err := comm.Open("my_target", map[string]any{"points": points})
//	c.OnMessage(func(m comm.Message) {
//		var click struct{ X, Y float64 }
//		if m.Decode(&click) == nil {
//			fmt.Println("clicked at", click)
//		}
//	})
//	err = c.Send(map[string]any{"color": "red"}, pixels)
//
// The page has to know the target: a JupyterLab extension registers it with registerCommTarget. For
// sliders, buttons and the like use Python's ipywidgets, which go this way too and whose page side is in
// every Jupyter; their observers may be Go functions.
//
// # When handlers run
//
// What the page sends waits its turn as cells do, and handlers run as a cell does: one after the
// other, and never while a cell runs. An interrupt ends them, and so does a panic, which is
// shown. What they print belongs to the message that they handle: front ends show that in their log, or
// where an Output widget asks for it.
//
// All functions may be called from any goroutine.
//
// The source of all rules is the chapter "Custom Messages" of the Jupyter messaging protocol.
package comm
