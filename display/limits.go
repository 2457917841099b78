package display

// How much of a value is shown. The numbers bound the time and the memory of one Render whatever
// the value is: at most maxParts parts are visited, each adds at most maxString bytes or one call
// of a method of the value. doc.go tells users the ones that they can notice.
const (
	textWidth = 100 // columns that a line of text/plain aims at

	maxText       = 256 << 10 // bytes of a string, or of what String returned, shown as a whole
	maxString     = 200       // bytes of a string inside another value
	maxBytes      = 256       // bytes of binary data in a hex dump
	maxParts      = 4000      // parts of one value, counted over all levels
	maxDepth      = 8         // levels of composite values
	maxSortedKeys = 10_000    // entries of a map that is sorted by key before it is cut

	maxRows     = 60  // rows of a table; a longer one shows its ends
	rowEnds     = 10  // rows at each end of a long table
	maxColumns  = 20  // columns of a table; a wider one shows its ends
	columnEnds  = 10  // columns at each end of a wide table
	maxCell     = 100 // characters of a table cell
	cellParts   = 60  // parts of a composite value in a table cell
	cellDepth   = 3   // levels of a composite value in a table cell
	maxDecimals = 6   // digits after the point in a column of floats, as pandas has it

	maxPixels  = 4 << 20 // pixels of an image; a larger one is shown smaller
	maxDrawing = 1 << 20 // bytes of a drawing as SVG; a larger one is PNG
)

// A cut says how a long sequence is shortened: up to all elements are shown whole, of more than
// that only each at the beginning and as many at the end.
type cut struct{ all, each int }

var (
	wordsCut   = cut{100, 50} // numbers, strings and the like
	rowsCut    = cut{maxRows, rowEnds}
	columnsCut = cut{maxColumns, columnEnds}

	innerWordsCut = cut{20, 5} // the same inside another value, where each takes room from the rest
	innerRowsCut  = cut{10, 5}
)

// ends gives the number of elements shown at the beginning and at the end of n.
func (c cut) ends(n int) (head, tail int) {
	if n <= c.all {
		return n, 0
	}
	return c.each, c.each
}

// cutFor chooses by what the elements are and where the sequence stands.
func cutFor(words bool, level int) cut {
	switch {
	case words && level == 0:
		return wordsCut
	case words:
		return innerWordsCut
	case level == 0:
		return rowsCut
	}
	return innerRowsCut
}
