// The words that Go and C exchange. A value is a header word, tag | count<<8, and what the tag
// asks for. Bytes stand inline, padded with zeroes to whole words, with at least one zero after
// them. words.go has the same list; capi.go compares the two when it is compiled.
#ifndef GOPY_WORDS_H
#define GOPY_WORDS_H

enum gopy_tag {
	GOPY_NONE = 1,
	GOPY_FALSE = 2,
	GOPY_TRUE = 3,
	GOPY_INT = 4,       // one word: int64
	GOPY_UINT = 5,      // one word: uint64 above the range of int64
	GOPY_FLOAT = 6,     // one word: bits of the float64
	GOPY_COMPLEX = 7,   // two words: real, imaginary
	GOPY_STR = 8,       // count bytes of UTF-8 inline
	GOPY_STRREF = 9,    // count bytes; one word: their address. As a result: a second word, the str that owns them
	GOPY_BYTES = 10,    // count bytes inline
	GOPY_BYTESREF = 11, // as GOPY_STRREF
	GOPY_BIGINT = 12,   // count bytes of text in base 16 inline
	GOPY_OBJECT = 13,   // one word: a reference; borrowed in what Go sends, owned in what C sends
	GOPY_LIST = 14,     // count values
	GOPY_TUPLE = 15,    // count values
	GOPY_DICT = 16,     // count pairs of values
	GOPY_SET = 17,      // count values
	GOPY_FROZENSET = 18,
	GOPY_ARRAY = 19,    // Go memory: id, address, bytes, item size, read-only, count dimensions: shape, strides,
			    // then the format as a text
	GOPY_FUNC = 20,     // a Go function with count parameters: id, flags, depths, name, doc
	GOPY_REF = 21,      // one word: the id of a Go value. What C sends stands for an object that keeps it
	GOPY_BUILD = 22,    // a callable value and count arguments: the result of the call
	GOPY_RAISE = 23,    // an exception value: raised
	GOPY_EXT = 24,      // count is a code of the classifier; one word: the object, owned; then a value that stands for it
	GOPY_VIEW = 25,     // an open buffer: handle, address, bytes, item size, read-only, count dimensions:
			    // shape, strides, then the format as a value
	GOPY_PACKED_INTS = 26,   // instead of the items of a list or tuple: count words, each an int64
	GOPY_PACKED_FLOATS = 27, // the same of floats
	// Only as the kind of a whole result:
	GOPY_NOTHING = 32,
	GOPY_STREAM = 33, // words in C memory that Go frees
	GOPY_STOP = 34,   // an iterator ended
	GOPY_ERROR = 35,  // an exception
	GOPY_BUSY = 36,   // too many threads wait for the interpreter: try again later, or by force
	GOPY_BLOCK = 37,  // of gopy_few: the address of a struct gopy_result that Go frees
};

// What a program does, one step after the other, to the value it starts with:
// step | arguments<<8 | keywords<<32.
enum gopy_step {
	GOPY_CALL = 64,   // arguments, then, if there are keywords, a tuple of their names and their values
	GOPY_METHOD = 65, // name, then as above
	GOPY_GETATTR = 66,
	GOPY_SETATTR = 67, // name, value
	GOPY_DELATTR = 68,
	GOPY_GETITEM = 69,
	GOPY_SETITEM = 70, // key, value
	GOPY_DELITEM = 71,
	GOPY_LEN = 72,
	GOPY_ITER = 73,
	GOPY_NEXT = 74,
	GOPY_STRING = 75,
	GOPY_REPR = 76,
	GOPY_TRUTH = 77,
	GOPY_HASH = 78,
	GOPY_CONTAINS = 79, // value
	GOPY_COMPARE = 80,  // arguments is CPython's number of the comparison; value
	GOPY_TYPE = 81,
	GOPY_IS = 82,     // value
	GOPY_IMPORT = 83, // the value it starts with is the name
	GOPY_INTERN = 84, // the value it starts with is a str: made the one of its text
	GOPY_BUFFER = 85, // arguments is 1 to ask for writable memory
	GOPY_MAP = 86,    // values: calls the callable with each, and gives a list of what it returned. Comes last;
			  // an exception is followed by the number of values before the one that raised it
	GOPY_EXPLAIN = 87, // the value is an exception: the result is what it would be had it been raised
	GOPY_TABLE = 88,  // the value is the capsule of a stream of Arrow, which is read to its end. Comes last
};

// What Go wants of the value a program ends with.
enum gopy_want {
	GOPY_WANT_NOTHING = 0,
	GOPY_WANT_OBJECT = 1, // None, bool, float and int that fit stand for themselves, all else is a reference
	GOPY_WANT_VALUE = 2,  // all that can be written as words, containers with what is in them
	GOPY_WANT_HANDLE = 3, // a reference, always
};

// Where things stand in the words of a frame: what is wanted, then a struct gopy_result, then room for
// a short text.
enum gopy_head {
	GOPY_HEAD_WANT = 0,
	GOPY_HEAD_FORCE = 1,
	GOPY_HEAD_DEPTH = 2,  // for GOPY_WANT_VALUE: containers this deep inside others stay references; 0 for none
	GOPY_HEAD_RESULT = 3, // kind, a, b
	GOPY_HEAD_STREAM = 6, // address of words that Go frees, 0 if there are none
	GOPY_HEAD_WORDS = 7,  // how many
	GOPY_HEAD_TEXT = 8,   // a short text of a result stands here
	GOPY_HEAD_RULES = 24, // a mapping of types to numbers, or 0: see put_ruled
	GOPY_HEAD_SIZE = 25,
};

enum gopy_func_flag {
	GOPY_FUNC_VARIADIC = 1,
	GOPY_FUNC_SHORT = 2, // runs with the GIL held
};

// A callable knows what Go wants of each argument, in four bits a parameter: 0 for the whole value,
// else one more than the depth from which on containers stay references. The last four bits are for
// a variadic parameter, and for all from the sixteenth on.
#define GOPY_FUNC_DEPTH(depths, i) ((depths) >> 4 * ((i) < 15 ? (i) : 15) & 0xf)

// Codes of GOPY_EXT that are not the classifier's: objects that are Go values; and, from the second one
// on, objects that a rule of the caller is for, with None standing for them.
enum { GOPY_EXT_GO = 255, GOPY_EXT_RULE = 256 };

#define GOPY_TAG(w) ((w) & 0xff)
#define GOPY_COUNT(w) ((w) >> 8)
#define GOPY_HEADER(tag, count) ((uint64_t)(tag) | (uint64_t)(count) << 8)
// Words that n bytes take, with their final zero.
#define GOPY_TEXT_WORDS(n) ((n) / 8 + 1)

// The word that says what gopy_few does: step, want, count of arguments, their tags, and how many of them,
// the last ones, are keywords.
#define GOPY_FEW_STEP(w) ((w) & 0xff)
#define GOPY_FEW_WANT(w) ((w) >> 8 & 0xff)
#define GOPY_FEW_COUNT(w) ((w) >> 16 & 0xff)
#define GOPY_FEW_TAG(w, i) ((w) >> (24 + 8 * (i)) & 0xff)
#define GOPY_FEW_KEYWORDS(w) ((w) >> 56)
// A text among those arguments is GOPY_STRREF in one word: addresses end below this bit, its length stands
// above.
#define GOPY_FEW_LENGTH_SHIFT 48

#endif
