package messaging

const (
	TypeExecuteRequest Type = "execute_request"
	TypeExecuteReply   Type = "execute_reply"
	TypeExecuteInput   Type = "execute_input"
	TypeExecuteResult  Type = "execute_result"
)

// An ExecuteRequest asks to run code.
type ExecuteRequest struct {
	Code string `json:"code"`
	// Silent asks for no execute_input, no result, no history and no new number.
	Silent bool `json:"silent"`
	// StoreHistory is the opposite of Silent where the front end does not say.
	StoreHistory    *bool             `json:"store_history"`
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	// StopOnError asks to abort what is queued behind this request if it fails.
	StopOnError bool `json:"stop_on_error"`
}

func (ExecuteRequest) required() []string { return []string{"code"} }

func (r *ExecuteRequest) setDefaults() { r.StopOnError = true }

// Counts tells whether the request gets a number of its own and a place in the history.
func (r ExecuteRequest) Counts() bool {
	return !r.Silent && (r.StoreHistory == nil || *r.StoreHistory)
}

// An ExecuteReply ends a request to run code. Failure is nil if and only if Status is StatusOK.
type ExecuteReply struct {
	Status         Status `json:"status"`
	ExecutionCount int    `json:"execution_count"`
	// UserExpressions holds an Expression for each name that the request had.
	UserExpressions map[string]Expression `json:"user_expressions"`
	// Payload is always empty; the protocol has deprecated it, and clients want to see the list.
	Payload []any `json:"payload"`
	*Failure
}

func (r ExecuteReply) filled() any {
	values := make(map[string]Expression, len(r.UserExpressions))
	for name, e := range r.UserExpressions {
		values[name] = e.filled()
	}
	r.UserExpressions = values
	r.Payload = orNone(r.Payload)
	r.Failure = r.Failure.withTraceback()
	return r
}

// An Expression is the value of one of a request's user expressions, or how it failed.
type Expression struct {
	Status Status `json:"status"`
	*ExpressionValue
	*Failure
}

// An ExpressionValue is a MIME bundle.
type ExpressionValue struct {
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

func (e Expression) filled() Expression {
	if v := e.ExpressionValue; v != nil {
		e.ExpressionValue = &ExpressionValue{Data: orEmpty(v.Data), Metadata: orEmpty(v.Metadata)}
	}
	e.Failure = e.Failure.withTraceback()
	return e
}

// ExecuteInput tells all front ends what is being run.
type ExecuteInput struct {
	Code           string `json:"code"`
	ExecutionCount int    `json:"execution_count"`
}

// An ExecuteResult is the value of a cell.
type ExecuteResult struct {
	ExecutionCount int            `json:"execution_count"`
	Data           map[string]any `json:"data"`
	Metadata       map[string]any `json:"metadata"`
	Transient      Transient      `json:"transient"`
}

func (r ExecuteResult) filled() any {
	r.Data, r.Metadata = orEmpty(r.Data), orEmpty(r.Metadata)
	return r
}
