// Package link is what the front and the worker say to each other.
//
// The front starts the worker with one end of a socket pair, and both make a [Conn] of theirs.
// A message is one of the structs of this package, sent as a frame: length of the rest (4 bytes,
// little-endian), a letter for the kind, JSON.
//
// # Order
//
// What a cell writes to file descriptors 1 and 2 goes through two pipes, beside the connection. So
// that the user sees everything in program order, the worker waits for [Shown] after each [Show]
// and [Clear]: the front first empties both pipes, into which everything written before has gone,
// then publishes the display, then answers. [Done] needs no answer; the front empties the pipes
// when it comes.
//
// What goroutines of earlier runs print is shown with what their runs have shown. It comes by a third pipe,
// as a [Print], and the first two are emptied before it where it may be that the goroutine has used those.
//
// # Who sends what
//
// The front sends [Run], [Interrupt], [Shown], [Input], [Look] and [Quit]. The worker sends [Ready]
// first, then for each Run any number of Show, Clear and [Ask] and one Done, and one [Seen] for each
// Look. A Look may come while a cell runs. An Interrupt comes with a SIGINT, which ends waits in C code;
// the message says which run is meant, for it may have ended meanwhile or not have begun.
//
// The end of the connection is the end of the worker, whichever side it comes from.
package link
