package pybridge

import (
	"fmt"
	"math"
	"math/big"
	"reflect"
	"strings"
)

// A Decimal is a decimal.Decimal by its text, such as "1.10" or "NaN": Go has no type that holds one.
type Decimal string

// Rat returns the number exactly. It reports false for what is not finite.
func (d Decimal) Rat() (*big.Rat, bool) { return new(big.Rat).SetString(string(d)) }

// Float returns the number to as many bits as its digits are worth, and at least 64. It reports false
// for what is no number.
func (d Decimal) Float() (*big.Float, bool) {
	const bitsPerDigit = 3.33
	precision := max(64, uint(math.Ceil(float64(len(d))*bitsPerDigit)))
	return new(big.Float).SetPrec(precision).SetString(strings.TrimSuffix(string(d), "inity"))
}

func decimalOf(v any) Decimal {
	text, _ := v.(string)
	return Decimal(text)
}

// exactFloat reads a Decimal into a float that is the same number.
func (d *decoder) exactFloat(v reflect.Value) error {
	d.unwrap()
	_, n := d.words.Header()
	text := Decimal(d.words.Text(n))
	x, exact := float64(0), false
	if r, ok := text.Rat(); ok {
		x, exact = r.Float64()
		exact = exact && !v.OverflowFloat(x) && (v.Kind() == reflect.Float64 || float64(float32(x)) == x)
	} else if f, ok := text.Float(); ok && f.IsInf() {
		x, exact = math.Inf(f.Sign()), true
	} else if text == "NaN" || text == "nan" {
		x, exact = math.NaN(), true
	}
	if !exact {
		return d.fail(fmt.Errorf("%s has no exact %v", shorten(string(text)), v.Type()))
	}
	v.SetFloat(x)
	return nil
}

func (e *encoder) bigInt(v *big.Int) {
	if v == nil {
		e.f.None()
	} else if v.IsInt64() {
		e.f.Int(v.Int64())
	} else {
		e.f.BigInt(v.Text(16))
	}
}

func (e *encoder) rational(v *big.Rat) error {
	if v == nil {
		e.f.None()
		return nil
	}
	return e.built(e.r.python.fraction, v.Num(), v.Denom())
}

// bigFloat writes a Decimal, which can hold every one of them exactly.
func (e *encoder) bigFloat(v *big.Float) error {
	if v == nil {
		e.f.None()
		return nil
	}
	if v.IsInf() {
		return e.built(e.r.python.decimal, v.String())
	}
	r, _ := v.Rat(nil)
	digits := r.Denom().BitLen() - 1 // of a power of two: as many digits after the point
	return e.built(e.r.python.decimal, r.FloatString(digits))
}
