package interpreter

import (
	"go/ast"
	"go/token"
	"strings"
)

// typeKeywords begin a type, and so may an expression.
var typeKeywords = []string{"chan", "func", "interface", "map", "struct"}

// statementKeywords begin a statement anywhere.
var statementKeywords = []string{"const", "defer", "for", "go", "goto", "if", "return", "select", "switch", "type", "var"}

// addKeywords lists the keywords that can stand where an expression can.
func (v *view) addKeywords(l *candidates) {
	l.keywords(typeKeywords...)
	if v.desk.place.mayRange() {
		l.keywords("range")
	}
	if s, ok := v.ancestor(1).(*ast.ExprStmt); !ok || s.X != v.ident() {
		return
	}
	l.keywords(statementKeywords...)
	if len(v.path) == 2 { // at the top of the cell
		l.keywords("import", "package")
	}
	v.addJumps(l)
}

// addJumps lists the keywords that need a loop or a switch around them.
func (v *view) addJumps(l *candidates) {
	inClause := true // of the innermost block
	for n := 2; n < len(v.path); n++ {
		switch v.ancestor(n).(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return
		case *ast.ForStmt, *ast.RangeStmt:
			l.keywords("break", "continue")
			inClause = false
		case *ast.CaseClause:
			l.keywords("break")
			if inClause {
				l.keywords("case", "default", "fallthrough")
			}
			inClause = false
		case *ast.CommClause:
			l.keywords("break")
			if inClause {
				l.keywords("case", "default")
			}
			inClause = false
		case *ast.BlockStmt:
			inClause = false
		}
	}
}

// mayRange reports whether range can stand at the cursor: right behind for, or := or = in a line
// that began with for.
func (p *place) mayRange() bool {
	switch p.before().token {
	case token.FOR:
		return true
	case token.DEFINE, token.ASSIGN:
		line := p.code[strings.LastIndexByte(p.code[:p.start()], '\n')+1 : p.start()]
		first, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		return first == "for"
	}
	return false
}

// awaitsCase reports whether the cursor stands in a switch or a select that has no clause yet.
func (p *place) awaitsCase() bool {
	first := true
	for l := range p.backward() {
		switch l.token {
		case token.SWITCH, token.SELECT:
			return !first
		case token.RBRACE, token.FUNC, token.FOR, token.IF, token.STRUCT, token.INTERFACE:
			return false
		case token.LBRACE:
			if !first {
				return false
			}
		case token.SEMICOLON:
			if l.literal == "\n" {
				return false
			}
		default:
			if first {
				return false
			}
		}
		first = false
	}
	return false
}

// addLabels lists the labels that break, continue or goto can name.
func (v *view) addLabels(l *candidates, jump token.Token) {
	if jump != token.GOTO {
		for n := 2; n < len(v.path); n++ {
			switch s := v.ancestor(n).(type) {
			case *ast.FuncLit, *ast.FuncDecl:
				return
			case *ast.LabeledStmt:
				l.addLabel(s)
			}
		}
		return
	}
	add := func(n ast.Node) bool {
		if s, ok := n.(*ast.LabeledStmt); ok {
			l.addLabel(s)
		}
		_, inner := n.(*ast.FuncLit)
		return !inner
	}
	for n := range len(v.path) {
		switch f := v.ancestor(n).(type) {
		case *ast.FuncLit:
			ast.Inspect(f.Body, add)
			return
		case *ast.FuncDecl:
			ast.Inspect(f.Body, add)
			return
		}
	}
	for _, s := range v.cell.statements {
		ast.Inspect(s, add)
	}
}

func (l *candidates) addLabel(s *ast.LabeledStmt) {
	l.add(s.Label.Name, "keyword", func() string { return "label " + s.Label.Name })
}
