package archtest

// A rules value is what a tree is held against. Files and folders are named by their path in the tree.
type rules struct {
	// module is the import path of the tree.
	module string
	// imports says for each folder with Go code what it may import. A folder without a row is an error.
	imports map[string]row
	// single names, for an import path and all below it, the one file that may import it.
	single map[string]string
	// cgo are the only folders that may import "C".
	cgo []string
	// worker are the folders, each with all below it, that are linked into the worker: only the standard
	// library and our own packages, whatever their rows say. A module of the user can then never clash
	// with one of ours.
	worker []string
	// mains are the files in which programs begin. Only there a program may touch its process:
	// arguments, exit, standard files. All else has handed in what it needs, so that it can be tested.
	mains []string
	// process has the exceptions, as "file: what", with the reason.
	process map[string]string
	// changing has the package variables that change, as "folder: name", with the reason.
	changing map[string]string
	// inits has the files with an init function, with the reason.
	inits map[string]string
}

// A row says what a folder may import besides the standard library.
type row struct {
	ours    []string // folders of the tree; anything is all of them
	modules []string // import paths, each with all below it
}

// anything in a row stands for all folders of the tree.
const anything = "*"

// ofThisTree are the rules of gopy-kernel. ARCHITECTURE.md says the same in words.
func ofThisTree() rules {
	return rules{
		module: "github.com/gopy-kernel/gopy-kernel",
		imports: map[string]row{
			".":                      {},
			"bench":                  {ours: []string{"bench/jupyter"}},
			"bench/compiled":         {ours: []string{"comm", "display", "interpreter", "interpreter/build", "kernel/supervisor", "."}},
			"bench/compiled/host":    {},
			"bench/jupyter":          {ours: []string{"bench/zmtp"}, modules: []string{"github.com/google/uuid"}},
			"bench/pybridge":         {ours: []string{"pybridge", "pybridge/locate"}},
			"bench/zmtp":             {},
			"cmd/gopy-kernel":        {ours: []string{anything}},
			"cmd/gopy-worker":        {ours: []string{anything}},
			"comm":                   {},
			"display":                {},
			"install":                {ours: []string{"pybridge/locate"}},
			"install/doctor":         {ours: []string{"install", "interpreter/build", "pybridge/locate"}},
			"internal/archtest":      {},
			"internal/image":         {},
			"internal/kerneltest":    {ours: []string{"messaging"}, modules: []string{"github.com/stretchr/testify"}},
			"internal/link":          {ours: []string{"comm"}},
			"internal/proc":          {},
			"interpreter":            {ours: []string{"comm", "display", "internal/link", "interpreter/build", "interpreter/modules", "interpreter/pygen"}},
			"internal/venv":          {ours: []string{"internal/kerneltest"}, modules: []string{"github.com/stretchr/testify"}},
			"interpreter/build":      {ours: []string{"internal/image"}},
			"interpreter/modules":    {},
			"interpreter/pygen":      {},
			"kernel":                 {ours: []string{"comm", "display", "interpreter", "kernel/usage", "messaging"}},
			"kernel/supervisor":      {ours: []string{"comm", "display", "internal/link", "interpreter"}},
			"kernel/usage":           {ours: []string{"internal/proc"}},
			"messaging":              {ours: []string{"messaging/zmtp"}, modules: []string{"github.com/google/uuid"}},
			"messaging/zmtp":         {modules: []string{"golang.org/x/crypto"}},
			"pybridge":               {ours: []string{"comm", "display", "pybridge/internal/capi", "pybridge/locate"}},
			"pybridge/internal/capi": {},
			"pybridge/locate":        {},
			"pybridge/py":            {ours: []string{"display", "pybridge", "pybridge/locate"}},
			"test/conformance":       {ours: []string{"comm", "display", "interpreter", "interpreter/build", "kernel/supervisor"}, modules: []string{"github.com/stretchr/testify"}},
			"worker":                 {ours: []string{"comm", "display", "internal/link", "internal/proc", "pybridge", "worker/cell", "worker/goroutine", "worker/late", "worker/native", "worker/stdin"}},
			"worker/cell":            {ours: []string{"worker/goroutine"}},
			"worker/goroutine":       {},
			"worker/late":            {ours: []string{"internal/link", "worker/goroutine"}},
			"worker/native":          {},
			"worker/stdin":           {},
			"worker/loader":          {ours: []string{"internal/image"}},
		},
		single: map[string]string{"golang.org/x/crypto/nacl/secretbox": "messaging/zmtp/curve_server.go"},
		cgo:    []string{"pybridge/internal/capi", "worker/native"},
		worker: []string{"cmd/gopy-worker", "comm", "display", "internal/image", "internal/link", "internal/proc", "pybridge", "worker"},
		mains:  []string{"bench/compiled/host/main.go", "bench/compiled/main.go", "bench/main.go", "bench/pybridge/main.go", "cmd/gopy-kernel/main.go", "cmd/gopy-worker/main.go"},
		process: map[string]string{
			"display/show.go: os.Stdout":            "where Show prints in programs that have no notebook",
			"worker/run.go: os.Stderr":              "it is the pipe to the front, as for the cell's own code",
			"pybridge/subprocess.go: os.Stderr":     "where a child prints that was given no other place",
			"pybridge/subprocess.go: os.Stdout":     "where a child prints that was given no other place",
			"worker/python.go: os.Stderr":           "it is the pipe to the front, as for the cell's own code",
			"worker/late/overlay.go: os.Stdout":     "writes to it are what the package is about",
			"worker/late/overlay.go: os.Stderr":     "writes to it are what the package is about",
			"worker/stdin/overlay.go: os.Stdin":     "reads of it are what the package is about",
			"worker/cell/shell.go: os.Stdout":       "it is the cell's own",
			"worker/cell/shell.go: os.Stderr":       "it is the cell's own",
			"worker/cell/timer.go: os.Stdout":       "it is the cell's own",
			"worker/cell/environment.go: os.Stdout": "it is the cell's own",
		},
		changing: map[string]string{
			"cmd/gopy-worker: firstModuleData":       "the runtime's own; it has no functions for what the loader does",
			"cmd/gopy-worker: lastModuleDataP":       "the runtime's own",
			"cmd/gopy-worker: cellModules":           "added to the runtime",
			"cmd/gopy-worker: itabLock":              "the runtime's own",
			"cmd/gopy-worker: moduleToTypelinks":     "the runtime's own",
			"cmd/gopy-worker: moduleToTypelinksLock": "the runtime's own",
			"cmd/gopy-worker: itabTable":             "the runtime's own",
			"cmd/gopy-worker: funcLookupCache":       "of package reflect",
			"cmd/gopy-worker: lookupCache":           "of package reflect",
			"cmd/gopy-worker: ptrMap":                "of package reflect",
			"comm: session":                          "comms are opened by code that was handed nothing",
			"display: current":                       "Show is called by code that was handed nothing",
			"pybridge: depths":                       "a cache of a pure function",
			"pybridge: elements":                     "a cache of a pure function",
			"pybridge: fields":                       "a cache of a pure function",
			"pybridge: pressure":                     "it watches the memory of the one process",
			"pybridge: process":                      "CPython is one for each process, and cells reach it without having been handed it",
			"pybridge: released":                     "clean-ups of garbage must not keep anything else alive",
			"pybridge: signatures":                   "a cache of a pure function",
			"pybridge/internal/capi: frames":         "a pool",
			"pybridge/internal/capi: hooks":          "a callback from C finds its Go side in no other way",
			"pybridge/internal/capi: turns":          "it counts threads in the one interpreter of the process",
			"pybridge: statm":                        "a file that is opened once",
			"pybridge: wrappers":                     "a cache of a pure function",
			"worker/cell: exit":                      "what the check calls when it finds the flag set",
			"worker/cell: interrupted":               "compiled into the loops of cells, where it has to be one load",
			"worker/cell: returning":                 "compiled into what stores the values of calls, for the same reason",
			"worker/cell: registry":                  "init functions of loaded code have nothing else to register with",
			"worker/cell: running":                   "a thread of Python that calls a Go function knows no run",
			"worker/late: handle":                    "the pipe of the process is set once",
			"worker/late: process":                   "there is one pipe for the process, and the bridge to Python prints to it too",
			"worker/late: pipe":                      "a variable of package runtime, which writes to it",
			"worker/late: write":                     "a variable of package os, which calls it",
			"worker/late: printing":                  "a variable of package os, which counts in it",
			"worker/late: stderr":                    "a variable of package os, which looks at it",
			"worker/late: stdout":                    "a variable of package os, which looks at it",
			"worker/stdin: file":                     "a variable of package os, which looks at it",
			"worker/stdin: handle":                   "the handler of the process is set once",
			"worker/stdin: read":                     "a variable of package os, which calls it",
			"worker/cell: stopped":                   "it is what interrupted is short for",
			"worker/goroutine: exiting":              "a variable of package os, which calls it",
			"worker/goroutine: unlockMutex":          "a variable of package runtime, which calls it",
			"worker/goroutine: unlockRWMutex":        "a variable of package runtime, which calls it",
			"worker/goroutine: handle":               "the handler of the process is set once",
			"worker/goroutine: panicked":             "a variable of package runtime, which calls it",
			"worker/goroutine: stopped":              "a variable of package runtime, which calls it",
		},
		inits: map[string]string{
			"bench/pybridge/main.go":  "the main goroutine is on the main thread only before main begins",
			"cmd/gopy-worker/main.go": "the main goroutine is on the main thread only before main begins",
		},
	}
}
