package kernel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A driver is a front end that does as little as possible, so that the kernel is what is measured.
type driver struct {
	session      *messaging.Session
	shell, iopub messaging.Socket
}

func drive(b *testing.B, transport messaging.Transport, p *play) *driver {
	r := start(b, transport, p)
	c := r.server.Connection()
	d := &driver{session: messaging.NewSession(c.Key, "driver")}
	var err error
	d.iopub, err = transport.Dial(context.Background(), messaging.IOPub, c.Address(messaging.IOPub), "")
	require.NoError(b, err)
	d.shell, err = transport.Dial(context.Background(), messaging.Shell, c.Address(messaging.Shell), "driver")
	require.NoError(b, err)
	b.Cleanup(func() {
		d.iopub.Close(context.Background())
		d.shell.Close(context.Background())
	})
	d.waitUntilSubscribed(b)
	return d
}

func (d *driver) waitUntilSubscribed(b *testing.B) {
	for asked := 1; ; asked++ {
		m, err := d.session.Message(messaging.TypeKernelInfoRequest, nil, struct{}{})
		require.NoError(b, err)
		require.NoError(b, d.shell.Send(context.Background(), d.session.Frames(m)))
		if !d.published(100 * time.Millisecond) {
			continue
		}
		for d.published(100 * time.Millisecond) {
		}
		for range asked {
			_, err := d.shell.Recv(context.Background())
			require.NoError(b, err)
		}
		return
	}
}

// published reads an IOPub message, if one comes in time.
func (d *driver) published(within time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), within)
	defer cancel()
	_, err := d.iopub.Recv(ctx)
	return err == nil
}

// request makes the frames of a cell, before the clock runs.
func (d *driver) request(b *testing.B, code string, silent bool) [][]byte {
	m, err := d.session.Message(messaging.TypeExecuteRequest, nil, map[string]any{"code": code, "silent": silent})
	require.NoError(b, err)
	return d.session.Frames(m)
}

// roundTrip sends a cell and waits for both its reply and its idle; it returns how many bytes of
// text came between.
func (d *driver) roundTrip(b *testing.B, request [][]byte) (text int) {
	ctx := context.Background()
	if err := d.shell.Send(ctx, request); err != nil {
		b.Fatal(err)
	}
	if _, err := d.shell.Recv(ctx); err != nil {
		b.Fatal(err)
	}
	for {
		frames, err := d.iopub.Recv(ctx)
		if err != nil {
			b.Fatal(err)
		}
		content := frames[len(frames)-1]
		if string(content) == `{"execution_state":"idle"}` {
			return text
		}
		var s messaging.Stream
		if json.Unmarshal(content, &s) == nil {
			text += len(s.Text)
		}
	}
}

// BenchmarkRoundTrip is from execute_request to reply and idle, for a silent empty cell and for
// one that reaches an interpreter and has a result.
func BenchmarkRoundTrip(b *testing.B) {
	result := &play{execute: func(_ context.Context, c interpreter.Cell, out interpreter.Output) *interpreter.Error {
		out.Result(text("2"))
		return nil
	}}
	for _, transport := range []struct {
		name string
		of   messaging.Transport
	}{{"zmq", messaging.ZMQ(nil)}, {"memory", messaging.NewMemory()}} {
		for _, cell := range []struct {
			name, code string
			silent     bool
		}{{"silent empty", "", true}, {"result", "1+1", false}} {
			b.Run(transport.name+"/"+cell.name, func(b *testing.B) {
				d := drive(b, transport.of, result)
				requests := make([][][]byte, b.N)
				for i := range requests {
					requests[i] = d.request(b, cell.code, cell.silent)
				}
				took := make([]time.Duration, b.N)
				b.ResetTimer()
				for i, request := range requests {
					begin := time.Now()
					d.roundTrip(b, request)
					took[i] = time.Since(begin)
				}
				b.StopTimer()
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
			})
		}
	}
}

// BenchmarkLines prints a million lines, each a call of its own.
func BenchmarkLines(b *testing.B) {
	const lines = 1_000_000
	line := fmt.Sprintf("%07d\n", 1234567)
	p := &play{execute: func(_ context.Context, _ interpreter.Cell, out interpreter.Output) *interpreter.Error {
		for range lines {
			out.Stream(messaging.Stdout, line)
		}
		return nil
	}}
	d := drive(b, messaging.ZMQ(nil), p)
	for b.Loop() {
		require.Equal(b, lines*len(line), d.roundTrip(b, d.request(b, "print", false)))
	}
	b.ReportMetric(lines*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
