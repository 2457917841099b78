package main

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/bench/jupyter"
)

// A dialect is what one language, as one kernel wants it, needs for the measures. The %d of its
// texts are numbers that make a text new.
type dialect struct {
	sum    string // an expression with one number: 1 gives 2
	result bool   // whether the value of an expression is shown, so that it can be checked
	define string // declares the function of a number, which adds that number
	call   string // calls the function of the first number with the second
	lines  string // prints "line 0" and so on, as many as its number says
	loop   string // never ends
	sleep  string // sleeps for long
	wait   string // waits for what never comes
	keep   string // sets a variable to its number; empty where no value outlives a cell
	kept   string // shows that variable
}

// dialects lists them by the names that -dialect takes.
func dialects() map[string]dialect {
	return map[string]dialect{
		"python": {
			sum: "1+%d", result: true,
			define: "def f%[1]d(x):\n    return x + %[1]d",
			call:   "f%d(%d)",
			lines:  "for i in range(%d):\n    print('line', i)",
			loop:   "while True:\n    pass",
			sleep:  "import time\ntime.sleep(1000)",
			wait:   "import queue\nqueue.Queue().get()",
			keep:   "kept = %d", kept: "kept",
		},
		"go": {
			sum: "1+%d", result: true,
			define: "func f%[1]d(x int) int {\n\treturn x + %[1]d\n}",
			call:   "f%d(%d)",
			lines:  "import \"fmt\"\nfor i := 0; i < %d; i++ {\n\tfmt.Println(\"line\", i)\n}",
			loop:   "for {\n}",
			sleep:  "time.Sleep(1000 * time.Second)",
			wait:   "<-make(chan int)",
			keep:   "kept := %d", kept: "kept",
		},
		// gonb runs what stands below %% as main, shows no values, and forgets them.
		"gonb": {
			sum:    "%%%%\n_ = 1+%d",
			define: "func f%[1]d(x int) int {\n\treturn x + %[1]d\n}",
			call:   "%%%%\n_ = f%d(%d)",
			lines:  "import \"fmt\"\n%%%%\nfor i := 0; i < %d; i++ {\n\tfmt.Println(\"line\", i)\n}",
			loop:   "%%\nfor {\n}",
			sleep:  "import \"time\"\n%%\ntime.Sleep(1000 * time.Second)",
			wait:   "%%\n<-make(chan int)",
		},
	}
}

// dialectOf chooses by the name of the implementation, or else by the language.
func dialectOf(info jupyter.Info, forced string) (dialect, error) {
	all := dialects()
	for _, name := range []string{forced, info.Implementation, info.Language.Name} {
		if d, ok := all[name]; ok {
			return d, nil
		}
		if name == forced && forced != "" {
			break
		}
	}
	return dialect{}, fmt.Errorf("no snippets for %q, language %q, dialect %q", info.Implementation, info.Language.Name, forced)
}
