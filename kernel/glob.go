package kernel

import "unicode/utf8"

// matchGlob tells whether text as a whole matches pattern, in which * is any text, ? any code
// point and [a-z], [^a-z] or [!a-z] one of a set. package path has no such match: there * stops at
// a slash and a lone [ is an error, and here it is sqlite's GLOB that front ends know.
func matchGlob(pattern, text string) bool {
	star, retry := -1, 0 // the last * in pattern, and where in text it has to match more
	p, t := 0, 0
	for t < len(text) {
		if p < len(pattern) && pattern[p] == '*' {
			star, retry = p, t
			p++
			continue
		}
		c, size := utf8.DecodeRuneInString(text[t:])
		if width, ok := matchOne(pattern[p:], c); ok {
			p += width
			t += size
			continue
		}
		if star < 0 {
			return false
		}
		_, size = utf8.DecodeRuneInString(text[retry:])
		retry += size
		p, t = star+1, retry
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

// matchOne matches c against what pattern begins with, and returns how many bytes that is.
func matchOne(pattern string, c rune) (width int, ok bool) {
	if pattern == "" {
		return 0, false
	}
	want, size := utf8.DecodeRuneInString(pattern)
	switch want {
	case '?':
		return size, true
	case '[':
		if width, in, closed := matchSet(pattern, c); closed {
			return width, in
		}
	}
	return size, want == c
}

// matchSet matches a set; one that has no end is not closed and not a set.
func matchSet(pattern string, c rune) (width int, in, closed bool) {
	at := 1
	negated := at < len(pattern) && (pattern[at] == '^' || pattern[at] == '!')
	if negated {
		at++
	}
	for first := true; at < len(pattern); first = false {
		low, size := utf8.DecodeRuneInString(pattern[at:])
		if low == ']' && !first {
			return at + 1, in != negated, true
		}
		at += size
		high := low
		if at+1 < len(pattern) && pattern[at] == '-' && pattern[at+1] != ']' {
			high, size = utf8.DecodeRuneInString(pattern[at+1:])
			at += 1 + size
		}
		in = in || low <= c && c <= high
	}
	return 0, false, false
}
