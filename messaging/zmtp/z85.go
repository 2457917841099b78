package zmtp

import (
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
)

// z85 are the digits of https://rfc.zeromq.org/spec/32, the text form of keys.
const z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"

// keyText is the length of a key in text.
const keyText = 40

// ParseKey reads a key, which no error repeats, in the form in which connection files have it: 40 characters of Z85.
func ParseKey(text string) (Key, error) {
	var k Key
	if len(text) != keyText {
		return k, fmt.Errorf("a key of CURVE has %d characters, and not %d", keyText, len(text))
	}
	for i := 0; i < keyText; i += 5 {
		var n uint64
		for _, c := range []byte(text[i : i+5]) {
			digit := strings.IndexByte(z85, c)
			if digit < 0 {
				return k, errors.New("a key of CURVE has a character that is not one of Z85")
			}
			n = n*85 + uint64(digit)
		}
		if n > 1<<32-1 {
			return k, errors.New("a key of CURVE has five characters that stand for too large a number")
		}
		binary.BigEndian.PutUint32(k[i/5*4:], uint32(n))
	}
	return k, nil
}

// String is the key in the form that ParseKey reads.
func (k Key) String() string {
	text := make([]byte, 0, keyText)
	for i := 0; i < len(k); i += 4 {
		n := binary.BigEndian.Uint32(k[i:])
		for _, power := range [...]uint32{85 * 85 * 85 * 85, 85 * 85 * 85, 85 * 85, 85, 1} {
			text = append(text, z85[n/power%85])
		}
	}
	return string(text)
}
