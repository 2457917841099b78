package display

import (
	"context"
	"errors"
)

// An Asker is a Sink that can ask the user.
type Asker interface {
	// Input asks for a line of text; with password, without showing it.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// Input asks the user for a line of text, which is returned without its line end. The error is io.EOF
// at the end of the input, or says why nobody can be asked: a notebook that is run by nbconvert has no
// user. It may be called from any goroutine.
func Input(prompt string) (string, error) { return ask(prompt, false) }

// Password is Input without showing what is typed.
func Password(prompt string) (string, error) { return ask(prompt, true) }

func ask(prompt string, password bool) (string, error) {
	asker, ok := sink().(Asker)
	if !ok {
		return "", errors.New("display: there is no notebook whose user could be asked")
	}
	return asker.Input(context.Background(), prompt, password)
}
