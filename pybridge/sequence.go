package pybridge

import (
	"reflect"
	"strings"
	"sync"
)

// isSequence reports whether a function type is an iter.Seq or iter.Seq2. Only those by name: a
// function that takes a function may be meant to be called.
func isSequence(t reflect.Type) bool {
	return t.PkgPath() == "iter" && (strings.HasPrefix(t.Name(), "Seq[") || strings.HasPrefix(t.Name(), "Seq2["))
}

// sequenceOf writes an iter.Seq as a Python iterator, an iter.Seq2 as one of pairs. It serves async for as well.
func (e *encoder) sequenceOf(v reflect.Value) error {
	s := &sequence{run: v, values: make(chan produced), stop: make(chan struct{})}
	return e.built(e.r.python.iterator, s.next, s.close, later(s.next))
}

// channel writes a channel as a Python iterator, which ends when the channel is closed.
func (e *encoder) channel(v reflect.Value) error {
	c := &channel{from: v, stop: make(chan struct{})}
	return e.built(e.r.python.iterator, c.next, c.close, later(c.next))
}

// A channel is one that Python receives from. A goroutine that waits for the next value on behalf of async for, which
// nobody wants any more, is ended by stop.
type channel struct {
	from reflect.Value
	stop chan struct{}
	end  sync.Once
}

func (c *channel) next() (more bool, value any) {
	chosen, x, ok := reflect.Select([]reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: c.from}, {Dir: reflect.SelectRecv, Chan: reflect.ValueOf(c.stop)},
	})
	if chosen == 1 || !ok {
		return false, nil
	}
	return true, x.Interface()
}

func (c *channel) close() { c.end.Do(func() { close(c.stop) }) }

// later asks for the next value on a goroutine of its own, so that a loop of asyncio goes on meanwhile, and hands it to
// settle.
func later(next func() (more bool, value any)) func(settle *Object) {
	return func(settle *Object) {
		go func() {
			defer settle.Close()
			more, value, panicked := caught(next)
			if _, err := settle.Call(more, value, panicked); err != nil { // value may have no counterpart
				_, _ = settle.Call(false, nil, err)
			}
		}()
	}
}

func caught(next func() (bool, any)) (more bool, value any, panicked error) {
	defer func() {
		if v := recover(); v != nil {
			panicked = newPanicError(v)
		}
	}()
	more, value = next()
	return more, value, nil
}

// A sequence runs in a goroutine of its own, one value ahead of nobody: iter.Pull would be faster, but
// its coroutine belongs to one thread, and Python may go on with an iterator on any.
type sequence struct {
	run    reflect.Value
	values chan produced
	stop   chan struct{}
	begin  sync.Once
	end    sync.Once
}

type produced struct {
	value    any
	panicked any
}

func (s *sequence) next() (more bool, value any) {
	s.begin.Do(func() { go s.produce() })
	p, more := <-s.values
	if p.panicked != nil {
		panic(p.panicked)
	}
	return more, p.value
}

// close ends the goroutine at its next value. Python calls it when it drops the iterator.
func (s *sequence) close() { s.end.Do(func() { close(s.stop) }) }

func (s *sequence) produce() {
	defer close(s.values)
	defer func() {
		if v := recover(); v != nil {
			s.hand(produced{panicked: v})
		}
	}()
	yield := reflect.MakeFunc(s.run.Type().In(0), func(args []reflect.Value) []reflect.Value {
		return []reflect.Value{reflect.ValueOf(s.hand(produced{value: together(args)}))}
	})
	s.run.Call([]reflect.Value{yield})
}

func (s *sequence) hand(p produced) (goOn bool) {
	select {
	case s.values <- p:
		return true
	case <-s.stop:
		return false
	}
}

func together(args []reflect.Value) any {
	if len(args) == 1 {
		return args[0].Interface()
	}
	pair := make(Tuple, len(args))
	for i, a := range args {
		pair[i] = a.Interface()
	}
	return pair
}

// iterated reads whatever can be iterated over as an iter.Seq or iter.Seq2.
func (d *decoder) iterated(v reflect.Value) error {
	o, err := d.asObject()
	if err != nil {
		return d.fail(err)
	}
	v.Set(sequenceFrom(o, v.Type()))
	return nil
}

// sequenceFrom makes a function that iterates over an object: pairs for an iter.Seq2, unless its second
// value is an error, which is then how the iteration ends. Without that, what goes wrong panics.
func sequenceFrom(o *Object, t reflect.Type) reflect.Value {
	params := t.In(0) // of the function that it yields to
	fails := params.NumIn() == 2 && params.In(1) == errorType
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value {
		for item, err := range o.Iter() {
			values := make([]reflect.Value, params.NumIn())
			for i := range values {
				values[i] = reflect.New(params.In(i)).Elem()
			}
			if err == nil {
				err = readItem(item, values, fails)
			}
			switch {
			case err == nil:
			case fails:
				values[1].Set(reflect.ValueOf(err))
			default:
				panic(err)
			}
			if goOn := in[0].Call(values)[0].Bool(); !goOn || err != nil {
				break
			}
		}
		return nil
	})
}

func readItem(item *Object, values []reflect.Value, fails bool) error {
	if len(values) == 1 || fails {
		return item.decodeInto(values[0])
	}
	return takeResults(item, values)
}
