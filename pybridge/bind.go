package pybridge

import (
	"errors"
	"fmt"
	"reflect"
)

// Bind sets the fields of a struct, of which it is given the address, to what their tags name in Python as
// Get understands it: functions, which then call Python, and values.
//
//	var math struct {
//		Hypot func(x, y float64) (float64, error) `py:"math.hypot"`
//		Pi    float64                             `py:"math.pi"`
//	}
//	err := r.Bind(&math)
//
// Fields without a tag are left as they are. The error names all fields that could not be set.
func (r *Runtime) Bind(target any) error {
	v := reflect.ValueOf(target)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Elem().Kind() != reflect.Struct {
		return fmt.Errorf("binding Python's names: want the address of a struct, got %T", target)
	}
	v = v.Elem()
	var errs []error
	for i := range v.NumField() {
		field := v.Type().Field(i)
		path := field.Tag.Get("py")
		if path == "" || path == "-" {
			continue
		}
		if err := r.bindField(v.Field(i), path); err != nil {
			errs = append(errs, fmt.Errorf("binding %s to %s: %w", field.Name, path, err))
		}
	}
	return errors.Join(errs...)
}

func (r *Runtime) bindField(v reflect.Value, path string) error {
	if !v.CanSet() {
		return errors.New("the field is not exported")
	}
	o, err := r.Get(path)
	if err != nil {
		return err
	}
	return o.decodeInto(v)
}
