package pybridge

// A ClassConfig describes a Python class that is written in Go.
type ClassConfig struct {
	Name string
	Doc  string
	// Bases are classes of Python; none is object.
	Bases []*Object
	// Methods are Go functions by their names in Python. The first parameter is the object, a *Object:
	// func(self *Object, x float64) error. "__init__", "__len__" and so on are what they are in Python.
	Methods map[string]any
	// Static are functions that are called without an object.
	Static map[string]any
	// Properties are attributes that Go functions read and write.
	Properties map[string]Property
	// Attrs are attributes of the class.
	Attrs map[string]any
	// Keywords stand behind the bases in a class statement, as metaclass does.
	Keywords Kw
}

// A Property is an attribute behind which functions stand. Without Set it cannot be written.
type Property struct {
	Get any // func(self *Object) T, with or without an error
	Set any // func(self *Object, value T), with or without an error
	Doc string
}

// NewClass makes a Python class. Its methods reach those of its bases with Super.
func (r *Runtime) NewClass(c ClassConfig) (*Object, error) {
	make, err := r.helper("gopy_kernel.proxies", "new_class")
	if err != nil {
		return nil, err
	}
	bases := Tuple{}
	for _, b := range c.Bases {
		bases = append(bases, b)
	}
	properties := map[string]any{}
	for name, p := range c.Properties {
		properties[name] = Tuple{p.Get, p.Set, p.Doc}
	}
	return make.Call(c.Name, c.Doc, bases, c.Methods, c.Static, properties, c.Attrs, map[string]any(c.Keywords))
}

// Super returns what Python's super(class, object) does: the object as one of the bases of a class that it
// is of, on which the methods of that base are called.
func (o *Object) Super(class *Object) (*Object, error) {
	super, err := startedHelper("builtins", "super")
	if err != nil {
		return nil, err
	}
	return super.Call(class, o)
}
