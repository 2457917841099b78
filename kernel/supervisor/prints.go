package supervisor

import "github.com/gopy-kernel/gopy-kernel/internal/link"

// prints is the pipe for what goroutines print whose run is not the one that runs.
type prints struct {
	*pipe
	pass    func(link.Print)
	records link.Prints
	failed  error // of the records: what follows cannot be read
}

func newPrints(pass func(link.Print)) (*prints, error) {
	p := &prints{pass: pass}
	var err error
	p.pipe, err = newPipe(p.take)
	return p, err
}

func (p *prints) take(data []byte) {
	if p.failed == nil {
		p.failed = p.records.Next(data, p.pass)
	}
	if p.failed != nil {
		p.pass(link.Print{Stderr: true, Text: data}) // C code has written there
	}
}
