package pybridge

// A Scope closes the objects that were made in it, all at once. It is for loops that make large ones:
//
//	var s pybridge.Scope
//	defer s.Close()
//	a, err := s.Keep(np.Method("zeros", 1_000_000))
//
// The zero Scope is ready. It belongs to one goroutine.
type Scope struct{ objects []*Object }

// Keep notes an object that Close is to close, and returns what it was given.
func (s *Scope) Keep(o *Object, err error) (*Object, error) {
	if err == nil {
		s.objects = append(s.objects, o)
	}
	return o, err
}

// Close closes the objects. The Scope can be used again.
func (s *Scope) Close() {
	for _, o := range s.objects {
		o.Close()
	}
	s.objects = nil
}
