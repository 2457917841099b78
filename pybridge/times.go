package pybridge

import (
	"math/big"
	"time"
)

// time keeps the zone by its name where it has one, because an offset is not enough to add a month
// to a time.
func (e *encoder) time(t time.Time) error {
	_, offset := t.Zone()
	return e.built(e.r.python.datetime, t.Unix(), t.Nanosecond()/1000, offset, zoneName(t.Location()))
}

func (e *encoder) duration(t time.Duration) error {
	return e.built(e.r.python.timedelta, 0, int64(t/time.Second), int64(t%time.Second/time.Microsecond))
}

// location writes a zone. One without a name that Python knows is the offset that it has now.
func (e *encoder) location(l *time.Location) error {
	if l == nil {
		e.f.None()
		return nil
	}
	_, offset := time.Now().In(l).Zone()
	return e.built(e.r.python.timezone, offset, zoneName(l))
}

func zoneName(l *time.Location) string {
	if name := l.String(); name != "Local" {
		return name
	}
	return ""
}

// timeOf makes a time of seconds, nanoseconds, offset and zone. A datetime without a zone is in
// local time, as Python takes it.
func timeOf(v any) (time.Time, bool) {
	parts, is := v.(Tuple)
	if !is || len(parts) != 4 {
		return time.Time{}, false
	}
	seconds, _ := parts[0].(int)
	nanos, _ := parts[1].(int)
	t := time.Unix(int64(seconds), int64(nanos))
	if parts[2] == nil {
		return t, true
	}
	l, ok := locationOf(Tuple{parts[3], parts[2]})
	return t.In(l), ok
}

// locationOf makes a location of a name and an offset.
func locationOf(v any) (*time.Location, bool) {
	parts, is := v.(Tuple)
	if !is || len(parts) != 2 {
		return nil, false
	}
	if name, _ := parts[0].(string); name != "" {
		if l, err := time.LoadLocation(name); err == nil {
			return l, true
		}
	}
	offset, fixed := parts[1].(int)
	switch {
	case !fixed:
		return nil, false
	case offset == 0:
		return time.UTC, true
	}
	return time.FixedZone("", offset), true
}

func durationOf(v any) (time.Duration, bool) {
	parts, is := v.(Tuple)
	if !is || len(parts) != 3 {
		return 0, false
	}
	days, _ := parts[0].(int)
	seconds, _ := parts[1].(int)
	nanos, _ := parts[2].(int)
	const most = 106752 // days in a Duration
	if days < -most || days > most {
		return 0, false
	}
	all := big.NewInt(int64(days)*86400 + int64(seconds))
	all.Mul(all, big.NewInt(int64(time.Second))).Add(all, big.NewInt(int64(nanos)))
	return time.Duration(all.Int64()), all.IsInt64()
}
