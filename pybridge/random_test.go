package pybridge_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A maker makes values at random, together with the expressions that make the same in Python.
type maker struct{ random *rand.Rand }

func (m *maker) value(depth int) (v any, source string) {
	if depth > 0 && m.random.IntN(3) == 0 {
		return m.container(depth - 1)
	}
	switch m.random.IntN(9) {
	case 0:
		return nil, "None"
	case 1:
		if m.random.IntN(2) == 0 {
			return true, "True"
		}
		return false, "False"
	case 2:
		n := int(m.random.Uint64() >> m.random.IntN(64))
		return n, fmt.Sprint(n)
	case 3:
		n := new(big.Int).Lsh(big.NewInt(m.random.Int64()|1<<62), uint(1+m.random.IntN(300)))
		if m.random.IntN(2) == 0 {
			n.Neg(n)
		}
		return n, n.String()
	case 4:
		x := math.Float64frombits(m.random.Uint64())
		if math.IsNaN(x) || math.IsInf(x, 0) {
			x = m.random.Float64()
		}
		return x, fmt.Sprintf("float('%v')", x)
	case 5:
		z := complex(m.random.NormFloat64(), m.random.NormFloat64())
		return z, fmt.Sprintf("complex(%v, %v)", real(z), imag(z))
	case 6:
		b := make([]byte, m.random.IntN(400))
		source := "bytes(["
		for i := range b {
			b[i] = byte(m.random.Uint32())
			source += fmt.Sprint(b[i], ",")
		}
		return b, source + "])"
	case 7:
		d := time.Duration(m.random.Int64N(1e15)) * time.Microsecond
		return d, fmt.Sprintf("datetime.timedelta(microseconds=%d)", d.Microseconds())
	}
	return m.text()
}

func (m *maker) text() (v any, source string) {
	runes := make([]rune, m.random.IntN(300))
	source = "''.join(map(chr, ["
	for i := range runes {
		runes[i] = rune(m.random.IntN(1 << (1 + m.random.IntN(20))))
		if runes[i] >= 0xd800 && runes[i] < 0xe000 {
			runes[i] = 'x'
		}
		source += fmt.Sprint(runes[i], ",")
	}
	return string(runes), source + "]))"
}

func (m *maker) container(depth int) (v any, source string) {
	n := m.random.IntN(5)
	if m.random.IntN(3) == 0 {
		d := pybridge.Dict{}
		source = "{"
		for i := range n {
			item, itemSource := m.value(depth)
			d = append(d, pybridge.Item{Key: fmt.Sprint("k", i), Value: item})
			source += fmt.Sprintf("'k%d': %s, ", i, itemSource)
		}
		return d, source + "}"
	}
	items := []any{}
	for range n {
		item, itemSource := m.value(depth)
		items = append(items, item)
		source += itemSource + ", "
	}
	if m.random.IntN(2) == 0 {
		return pybridge.Tuple(items), "(" + source + ")"
	}
	return items, "[" + source + "]"
}

// Values made at random are the same on both sides, and come back as they were.
func TestRandomValues(t *testing.T) {
	times := 2000
	if testing.Short() {
		times = 300
	}
	seed := uint64(time.Now().UnixNano())
	m := maker{rand.New(rand.NewPCG(seed, 0))}
	execute(t, "import datetime")
	same := eval(t, "lambda a, b: a == b and repr(a) == repr(b)")
	for range times {
		v, source := m.value(4)
		o, err := rt.Of(v)
		require.NoError(t, err, "seed %d: %s", seed, source)
		back, err := pybridge.As[any](o)
		require.NoError(t, err, "seed %d: %s", seed, source)
		require.Equal(t, v, back, "seed %d: %s", seed, source)
		there, err := rt.Eval(source)
		require.NoError(t, err, "seed %d: %s", seed, source)
		equal, err := pybridge.CallAs[bool](same, o, there)
		require.NoError(t, err)
		if !assert.True(t, equal, "seed %d: %s", seed, source) {
			return
		}
	}
}
