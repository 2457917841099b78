package display_test

import (
	"bytes"
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// A builder makes a nested value from bytes: each byte chooses what comes next.
type builder struct {
	in   []byte
	made []*bag
}

type bag struct {
	Any  any
	next *bag
	m    map[any]any
	f    float64
}

func (b *builder) take() byte {
	if len(b.in) == 0 {
		return 0
	}
	first := b.in[0]
	b.in = b.in[1:]
	return first
}

func (b *builder) text() string {
	n := min(int(b.take()), len(b.in))
	s := string(b.in[:n])
	b.in = b.in[n:]
	return s
}

func (b *builder) value(depth int) any {
	if depth == 0 {
		return nil
	}
	switch b.take() % 16 {
	case 0:
		return nil
	case 1:
		return int(b.take())
	case 2:
		return math.Float64frombits(uint64(b.take())<<56 | uint64(b.take())<<48)
	case 3:
		return b.text()
	case 4:
		return []byte(b.text())
	case 5, 6:
		return b.list(depth)
	case 7:
		return b.table(depth)
	case 8:
		return b.records(depth)
	case 9:
		return b.bag(depth)
	case 10:
		return []*bag{b.bag(depth), nil, b.bag(depth)}
	case 11:
		return weekday(b.take())
	case 12:
		return [][]float64{{float64(b.take())}, nil, make([]float64, b.take())}
	case 13:
		return display.HTML(b.text())
	case 14:
		v := b.value(depth - 1)
		return &v
	default:
		return struct {
			A any
			b any
		}{b.value(depth - 1), b.value(depth - 1)}
	}
}

func (b *builder) list(depth int) []any {
	list := make([]any, b.take()%9)
	for i := range list {
		list[i] = b.value(depth - 1)
	}
	return list
}

func (b *builder) table(depth int) map[string]any {
	m := map[string]any{}
	for range b.take() % 9 {
		m[b.text()] = b.value(depth - 1)
	}
	return m
}

func (b *builder) records(depth int) []map[string]any {
	list := make([]map[string]any, b.take()%90)
	for i := range list {
		list[i] = b.table(depth - 1)
	}
	return list
}

// bag makes a struct, or takes one made before, so that there are cycles.
func (b *builder) bag(depth int) *bag {
	if n := len(b.made); n > 0 && b.take()%3 == 0 {
		return b.made[int(b.take())%n]
	}
	made := &bag{f: float64(b.take())}
	b.made = append(b.made, made)
	made.Any = b.value(depth - 1)
	if b.take()%2 == 0 {
		made.next = b.made[int(b.take())%len(b.made)]
	}
	made.m = map[any]any{b.text(): made, math.NaN(): made.next, int(b.take()): b.text()}
	return made
}

// FuzzRender holds that any value gives a bundle that can be sent, is bounded, shows the same
// twice, and whose HTML is escaped.
func FuzzRender(f *testing.F) {
	seeds, err := filepath.Glob("testdata/fuzz/FuzzRender/*")
	require.NoError(f, err)
	require.NotEmpty(f, seeds, "the seeds of this fuzz test are gone")
	f.Fuzz(func(t *testing.T, in []byte) {
		v := (&builder{in: in}).value(12)
		b := display.Render(v)
		text, ok := b.Data["text/plain"].(string)
		require.True(t, ok)
		require.Less(t, len(text), mostText)
		_, err := json.Marshal(b)
		require.NoError(t, err)
		if _, own := v.(display.Bundle); own {
			return
		}
		page, _ := b.Data["text/html"].(string)
		require.Less(t, len(page), mostHTML)
		require.True(t, onlyTableTags(page), page)
	})
}

// onlyTableTags reports whether every < in a page begins one of the tags that tables are made of.
func onlyTableTags(page string) bool {
	for _, piece := range strings.Split(page, "<")[1:] {
		name, _, _ := strings.Cut(strings.TrimPrefix(piece, "/"), ">")
		name, _, _ = strings.Cut(name, " ")
		if !strings.Contains(" table thead tbody tr th td p ", " "+name+" ") {
			return false
		}
	}
	return !bytes.ContainsRune([]byte(page), 0)
}
