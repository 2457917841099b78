package pybridge

import (
	"encoding/json"
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// MIMEBundle returns the object in the forms in which it can be shown: what its _repr_mimebundle_ or
// _repr_*_ methods give, as in IPython, and its repr as text/plain always.
func (o *Object) MIMEBundle() display.Bundle {
	r, err := started()
	if err != nil {
		return plainBundle(err.Error())
	}
	parts, err := CallAs[Tuple](r.python.bundle, o)
	if err == nil && len(parts) == 2 {
		return r.bundle(parts[0], parts[1])
	}
	return plainBundle(fmt.Sprintf("<Python object: %v>", err))
}

func plainBundle(text string) display.Bundle {
	return display.Bundle{Data: map[string]any{"text/plain": text}}
}

// bundle makes a bundle of what the Python side (mime.py) sends: texts and bytes as they are, other
// values and all metadata as JSON.
func (r *Runtime) bundle(data, metadata any) display.Bundle {
	b := display.Bundle{Data: map[string]any{}}
	pairs, _ := data.(Dict)
	for _, item := range pairs {
		mime, _ := item.Key.(string)
		switch v := item.Value.(type) {
		case string, []byte:
			b.Data[mime] = v
		case Tuple: // one text of JSON
			if text, is := v[0].(string); is {
				b.Data[mime] = json.RawMessage(text)
			}
		}
	}
	if text, is := metadata.(string); is && text != "{}" {
		if err := json.Unmarshal([]byte(text), &b.Metadata); err != nil {
			r.log.Warn("metadata of a Python object dropped", "error", err)
		}
	}
	return b
}
