module github.com/gopy-kernel/gopy-kernel/test/gonum

go 1.26.0

require (
	github.com/gopy-kernel/gopy-kernel v0.0.0
	gonum.org/v1/gonum v0.16.0
)

replace github.com/gopy-kernel/gopy-kernel => ../..
