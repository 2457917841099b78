package interpreter

import "go/token"

// keywordDocs say in a line what a keyword does.
var keywordDocs = map[token.Token]string{
	token.BREAK:       "break ends the innermost for, switch or select, or the one that a label names.",
	token.CASE:        "case begins a clause of a switch or a select.",
	token.CHAN:        "chan T is the type of channels of T; chan<- T can only be sent to, <-chan T only received from.",
	token.CONST:       "const declares constants: const name = value. In a group, iota counts from 0.",
	token.CONTINUE:    "continue begins the next turn of the innermost for, or of the one that a label names.",
	token.DEFAULT:     "default begins the clause of a switch or a select that is taken if no case is.",
	token.DEFER:       "defer calls a function when the one around it returns; at the top of a cell, when the cell ends. The arguments are evaluated at once.",
	token.ELSE:        "else begins what is done if the condition of an if is false.",
	token.FALLTHROUGH: "fallthrough, at the end of a clause of a switch, goes on with the next clause.",
	token.FOR:         "for repeats a block: for { }, for condition { }, for init; condition; step { }, for key, value := range x { }.",
	token.FUNC:        "func declares a function: func name(parameters) results { }. Without a name it is a function value, and may use the variables around it.",
	token.GO:          "go calls a function in a new goroutine, and does not wait for it.",
	token.GOTO:        "goto goes on at a label of the same function.",
	token.IF:          "if does a block if a condition is true: if condition { } else { }. A statement may stand before it: if err := f(); err != nil { }.",
	token.IMPORT:      "import makes a package known: import \"path\", import name \"path\". Packages of the standard library need no import in a cell.",
	token.INTERFACE:   "interface{ } is a type by methods: every type that has them can be assigned to it. As a constraint of a type parameter it can list types too.",
	token.MAP:         "map[K]V is the type of maps from keys of K to values of V. Make one with make or a literal.",
	token.PACKAGE:     "package begins a Go file. A cell needs none; a cell that has one is run as a program.",
	token.RANGE:       "range goes over a slice, an array, a string, a map, a channel, an integer or an iterator function: for i, x := range list { }.",
	token.RETURN:      "return ends a function with its results; at the top of a cell, the cell.",
	token.SELECT:      "select waits until one of several channel operations can go on: select { case x := <-c: case c <- y: default: }.",
	token.STRUCT:      "struct{ } is a type of fields. A field without a name is embedded: its fields and methods can be used as if they were the struct's.",
	token.SWITCH:      "switch takes the first clause that fits: switch x { case 1, 2: default: }, switch { case condition: }, switch v := x.(type) { case int: }.",
	token.TYPE:        "type declares a type: type Name struct { }. type Name = T gives T another name.",
	token.VAR:         "var declares variables: var name type = value. Without a value they are zero.",
}
