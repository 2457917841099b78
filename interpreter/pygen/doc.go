// Package pygen writes Go packages for Python modules.
//
//	m, err := pygen.Inspect(ctx, pygen.Query{Python: "/usr/bin/python3", Module: "numpy"})
//	source, err := m.Source(pygen.Options{})
//
// [Inspect] asks a Python, in a process of its own, what a module offers. [Module.Source] is a Go file
// with one function for each callable of the module, which takes any arguments, with keywords in a py.Kw
// at the end. Its comment is Python's signature and docstring, so that all that reads Go knows them.
// Other attributes are functions without parameters. The same module gives the same text.
//
// # Classes
//
// A class is a type, which embeds the Object and so has all that objects have:
//
//	type DataFrame struct{ *py.Object }
//
//	func NewDataFrame(args ...any) DataFrame
//	func AsDataFrame(o pybridge.Referrer) (DataFrame, error)
//	func DataFrameFromDict(args ...any) DataFrame
//	func (x DataFrame) Describe(args ...any) DataFrame
//	func (x DataFrame) Shape() *py.Object
//
// Methods of instances are methods, attributes that the class knows of are methods without parameters. Class methods and
// static ones are functions that begin with the name of the class. A class under a second name is an alias.
//
// A result has the type of a class if Python's annotations say that it is of that class, or None, and of nothing else;
// then IsNone tells. Where modules have no annotations their files of stubs are read, as numpy's; for re and datetime
// a list is built in. Otherwise a result is an Object, which As makes one of the types: py.As[pd.Series](o).
// Go functions that Python calls may have them as parameters, and py.ClassOf[np.Float64]() is the class.
//
// # Names
//
// Parts between underscores begin with a capital: set_title is SetTitle. Names without small letters stay
// as they are: AF_INET. Where two names become one, the module's own go before those that it imported,
// functions before classes, those before other attributes, and the later ones take an underscore at the end. So do
// members of a class with the name of a method that all objects have: df.Index("x") is df["x"] in Python, and df.Index_()
// is df.index. Close alone is Python's. The comment has the name in Python.
//
// # For cells
//
// A [Store] keeps packages until a module's files change, and lists the modules that there are.
//
// # Two faces
//
// The functions are on top of package pybridge/py, where an exception panics, as it is wanted in
// cells; or of package pybridge, with an error as second result.
//
// The package runs Python, and imports the module there. It loads no Python into its own process, needs no
// cgo and keeps no state of its own; its functions may be called from any goroutine.
package pygen
