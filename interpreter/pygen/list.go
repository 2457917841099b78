package pygen

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

//go:embed list.py
var listSource string

// fresh is how long it holds what Python has said of its modules. Meanwhile some may be installed.
const fresh = time.Minute

// A listing is what Python has said.
type listing struct {
	names []string
	at    time.Time
}

// Modules lists the names of the modules in a package, by their last parts, or of those that stand alone if the package is
// "". Python is asked for it and imports nothing, which takes a tenth of a second the first time.
func (s *Store) Modules(ctx context.Context, in string) ([]string, error) {
	python, err := s.config.Python(ctx)
	if err != nil {
		return nil, err
	}
	key := python + "\x00" + in
	s.mu.Lock()
	known, ok := s.listed[key]
	s.mu.Unlock()
	if ok && time.Since(known.at) < fresh {
		return known.names, nil
	}
	var args []string
	if in != "" {
		args = append(args, in)
	}
	out, err := Query{Python: python, Dir: s.config.Folder}.run(ctx, listSource, args...)
	if err != nil {
		return nil, fmt.Errorf("asking %s for its modules: %w", python, err)
	}
	now := listing{at: time.Now()}
	if err := json.Unmarshal(out, &now.names); err != nil {
		return nil, fmt.Errorf("reading what %s says of its modules: %w", python, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.listed[key] = now
	return now.names, nil
}
