package build

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// sharedNames maps the names under which the linker lists types and itabs to full names, which the
// linker shortens to 48 bits of a hash. Those of package main carry the identities of their types.
func sharedNames(defined []string, types map[string]string) (map[string]string, error) {
	names := map[string]string{}
	for _, name := range defined {
		if !isShared(name) {
			continue
		}
		identity, err := identify(name, types)
		if err != nil {
			return nil, err
		}
		if identity != name {
			sum := sha256.Sum256([]byte(identity))
			names[mangle(name)] = image.Declared + base64.RawURLEncoding.EncodeToString(sum[:16])
		}
	}
	return names, nil
}

// identify puts the identities of the types of package main into the name of a symbol. A name in
// it that is not a type's is that of an unexported field or method, and stays: two units with the
// same anonymous struct agree on its name, whatever types they have.
func identify(symbol string, types map[string]string) (string, error) {
	const pkg = "main."
	b := new(strings.Builder)
	rest := symbol
	for {
		at := strings.Index(rest, pkg)
		if at < 0 {
			b.WriteString(rest)
			return b.String(), nil
		}
		end := at + len(pkg)
		for end < len(rest) && isNameByte(rest[end]) {
			end++
		}
		b.WriteString(rest[:end])
		name := rest[at+len(pkg) : end]
		if begins(symbol[:len(symbol)-len(rest)+at]) && !isMember(rest[end:]) {
			identity, ok := types[name]
			if !ok && strings.Contains(name, "·") {
				return "", fmt.Errorf("%s is a type without an identity, in %s", name, symbol)
			}
			if ok {
				b.WriteString("#" + identity)
			}
		}
		rest = rest[end:]
	}
}

// begins reports whether a qualified name may begin behind what stands before it: main.T does in
// []main.T, and not in example.com/main.T.
func begins(before string) bool {
	return before == "" || strings.HasSuffix(before, "...") || before == "go:itab." || strings.ContainsAny(before[len(before)-1:], ":,*[](){}; ")
}

// isNameByte reports whether c is part of an identifier or of the number of a local type; all bytes
// beyond ASCII are.
func isNameByte(c byte) bool {
	return c == '_' || c >= 0x80 || '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// isMember reports whether what follows a name shows it to be a field's or a method's: a field is
// followed by a space and its type, a method by its parameters. An embedded field is followed by
// neither, and is a type.
func isMember(after string) bool {
	switch {
	case strings.HasPrefix(after, "("):
		return true
	case strings.HasPrefix(after, " "):
		return !strings.HasPrefix(after, " }") && !strings.HasPrefix(after, ` "`)
	}
	return false
}
