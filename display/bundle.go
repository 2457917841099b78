package display

// A Bundle is one value in several MIME types, and what a front end should know about them.
type Bundle struct {
	// Data maps a MIME type to the value in it. Text types hold a string, binary types a []byte,
	// JSON types anything that encoding/json encodes, or a json.RawMessage.
	// Every bundle that is sent has text/plain.
	Data map[string]any
	// Metadata holds, by MIME type, hints such as the width and height of an image.
	Metadata map[string]any
}

// A Renderer makes its own bundle. Render prefers this method to all others.
type Renderer interface {
	MIMEBundle() Bundle
}

// MIMEBundle returns b itself, so that a bundle can be shown like any other value.
func (b Bundle) MIMEBundle() Bundle { return b }

// The MIME types that this package makes.
const (
	mimeText       = "text/plain"
	mimeHTML       = "text/html"
	mimeMarkdown   = "text/markdown"
	mimeLatex      = "text/latex"
	mimeSVG        = "image/svg+xml"
	mimePNG        = "image/png"
	mimeJPEG       = "image/jpeg"
	mimePDF        = "application/pdf"
	mimeJSON       = "application/json"
	mimeJavaScript = "application/javascript"
)
