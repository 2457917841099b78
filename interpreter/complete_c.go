package interpreter

import (
	"maps"
	"slices"
	"strings"
)

// cKinds are the kinds of what the cgo tool has made, by how its names begin.
var cKinds = []struct{ prefix, kind string }{
	{"_Cfunc_", "function"}, {"_Ctype_", "type"}, {"_Cvar_", "variable"},
	{"_Ciconst_", "constant"}, {"_Cfconst_", "constant"}, {"_Csconst_", "constant"}, {"_Cmacro_", "constant"},
}

// cAlways is what can be selected from C whatever the C code is.
var cAlways = []CompletionItem{
	{Text: "CBytes", Kind: "function", Signature: "func C.CBytes([]byte) unsafe.Pointer"},
	{Text: "CString", Kind: "function", Signature: "func C.CString(string) *C.char"},
	{Text: "GoBytes", Kind: "function", Signature: "func C.GoBytes(unsafe.Pointer, C.int) []byte"},
	{Text: "GoString", Kind: "function", Signature: "func C.GoString(*C.char) string"},
	{Text: "GoStringN", Kind: "function", Signature: "func C.GoStringN(*C.char, C.int) string"},
}

// cTypes are the types that C has by itself, as Go names them.
var cTypes = []string{
	"char", "double", "float", "int", "long", "longlong", "schar", "short", "size_t", "uchar", "uint", "uintptr_t", "ulong", "ulonglong", "ushort",
	"int8_t", "int16_t", "int32_t", "int64_t", "uint8_t", "uint16_t", "uint32_t", "uint64_t",
}

// addC lists what can be selected from C: what the C code of the session's cells declares, as far as one of
// them has run, and what is always there.
func (v *view) addC(l *candidates) {
	symbols := v.desk.session.symbols
	for _, name := range slices.Sorted(maps.Keys(symbols)) {
		for _, k := range cKinds {
			if plain, ok := strings.CutPrefix(name, k.prefix); ok && !strings.HasPrefix(plain, "_") {
				l.add(plain, k.kind, func() string { return describeC(symbols[name].declaration, plain, k.kind) })
			}
		}
	}
	for _, item := range cAlways {
		l.addItem(item)
	}
	for _, name := range cTypes {
		l.add(name, "type", func() string { return "type C." + name })
	}
}

// describeC is the declaration that the cgo tool has made of something, on one line and with the names that
// cells have for it.
func describeC(d *declaration, name, kind string) string {
	if d == nil || kind != "function" {
		return kind + " C." + name
	}
	_, after, _ := strings.Cut(d.text(), "func _Cfunc_"+name)
	signature, _, _ := strings.Cut(after, "{")
	return "func C." + name + strings.TrimSpace(strings.ReplaceAll(signature, "_Ctype_", "C."))
}
