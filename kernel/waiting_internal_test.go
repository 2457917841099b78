package kernel

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func TestCellsThatWait(t *testing.T) {
	session := messaging.NewSession("", "ann")
	yes := true
	var w waiting
	var requests []*messaging.Message
	for _, content := range []any{
		messaging.ExecuteRequest{Code: "1", StoreHistory: &yes},
		messaging.ExecuteRequest{Code: " \n", StoreHistory: &yes},
		messaging.ExecuteRequest{Code: "silent", Silent: true},
		"no request",
		messaging.ExecuteRequest{Code: "2", StoreHistory: &yes},
	} {
		m, err := session.Message(messaging.TypeExecuteRequest, nil, content)
		require.NoError(t, err)
		requests = append(requests, m)
		w.add(m)
	}
	assert.Equal(t, []interpreter.Cell{{Source: "1", Count: 8}, {Source: "silent"}, {Source: "2", Count: 9}}, w.cells(7, 10))
	assert.Equal(t, []interpreter.Cell{{Source: "1", Count: 8}}, w.cells(7, 1))
	w.remove(requests[0])
	assert.Equal(t, []interpreter.Cell{{Source: "silent"}, {Source: "2", Count: 8}}, w.cells(7, 10))
	for _, m := range requests {
		w.remove(m)
	}
	assert.Empty(t, w.cells(7, 10))
}
