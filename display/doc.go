// Package display turns Go values into what a notebook shows: bundles of one value in several
// MIME types.
//
// Render is the first call to make. The value of a cell's last expression goes through it, and
// Show does the same at once, as often in a cell as wanted:
//
//	display.Show(img, people)
//	display.Show(display.Markdown("**done**"))
//
//	h := display.NewHandle("")
//	h.Show("starting")
//	h.Update("half of it")
//
// # How a value is shown
//
// Every bundle has text/plain. The first rule that fits decides about the rest:
//
//   - A Renderer, that is a value with the method MIMEBundle() Bundle, makes its bundle itself.
//   - The methods HTML() string, Markdown() string, SVG() string, Latex() string,
//     JavaScript() string, PNG() []byte, JPEG() []byte, PDF() []byte and JSON() any each add
//     their MIME type.
//   - An image.Image becomes a PNG.
//   - What has the method WriterTo(w, h L, format string) (io.WriterTo, error), where L is a type of numbers
//     for lengths in points, as the plots of gonum.org/v1/plot have it, is drawn as SVG, or as PNG if that
//     is larger than 1 MiB.
//   - Structs, maps, and slices and arrays of structs, maps or slices become tables in HTML, with
//     unexported fields: a cell is package main, where they are the usual ones. A type that has a
//     text of its own (String, Error, GoString, Format) is never taken apart.
//   - All else is text only.
//
// text/plain is what fmt.Println prints for a value that is one word or one text: a number,
// a string, an error, anything with a String method. A string gets quotes only where the bare text
// would hide something: if it is empty or blank, or holds control characters. Composite values are
// Go syntax with their type, in lines as gofmt would break them, since that is what a Go programmer
// reads fastest and can paste back; %+v cannot tell []string{"a b"} from []string{"a", "b"}.
//
// # What it costs
//
// A value may be of any size, and may be cyclic. At most 4,000 parts of it are visited, 8 levels
// deep. Of long sequences the ends are shown: of more than 100 words 50 at each end, of more than
// 60 rows and 20 columns 10 at each end. A pointer is followed once. Strings are cut at 256 KiB,
// inside other values at 200 bytes, and cells of tables at 100 characters. Maps of more than
// 10,000 entries are not sorted. Images of more than 4 Mi pixels are shown smaller. What a value's
// own rich methods return is passed on whole.
//
// A method that panics is passed over and text/plain says so. Three things cannot be caught here:
// a method that never returns (the interrupt of the cell ends it), a method that overflows the
// stack, and a map that another goroutine writes at the same moment; both of the latter end
// a Go process from fmt.Println too.
//
// # Threads and ownership
//
// All functions may be called from any goroutine. Methods of a value are called on the goroutine
// that shows it. A bundle belongs to whoever asked for it; the bytes given to PNG and JPEG are
// not copied.
//
// The package imports the standard library only and does nothing when loaded. It knows no
// protocol: where bundles go is said once with SetSink, until then Show prints text/plain.
package display
