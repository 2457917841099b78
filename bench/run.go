package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/bench/jupyter"
)

// measureAll runs all rounds. Each starts every kernel once, in an order drawn anew, so that no
// kernel always has the machine as another left it. One kernel runs at a time.
func measureAll(ctx context.Context, o options, specs []jupyter.Spec, log *slog.Logger) (*report, error) {
	r := newReport(o, specs)
	for _, spec := range specs {
		// Once for nothing: the files of the kernel come into memory.
		if err := warmUp(ctx, o, spec); err != nil {
			return nil, err
		}
	}
	for round := range o.rounds {
		for _, i := range rand.Perm(len(specs)) {
			log.Info("measuring", "round", round+1, "of", o.rounds, "kernel", specs[i].Name)
			began := time.Now()
			if err := measureOne(ctx, o, specs[i], r.Kernels[i]); err != nil {
				return nil, fmt.Errorf("kernel %s: %w", specs[i].Name, err)
			}
			log.Info("measured", "kernel", specs[i].Name, "seconds", time.Since(began).Seconds())
		}
	}
	return r, nil
}

func warmUp(ctx context.Context, o options, spec jupyter.Spec) error {
	return withKernel(ctx, o, spec, func(*session) error { return nil })
}

// measureOne starts a kernel a few times, since one start varies much, and makes all measures on the
// last process. A measure that fails is noted and the next is
// made; a kernel that has died ends the round.
func measureOne(ctx context.Context, o options, spec jupyter.Spec, to *kernelReport) error {
	for range o.starts - 1 {
		err := withKernel(ctx, o, spec, func(s *session) error {
			to.add(measureStart, s.replied.Sub(s.process.Began).Seconds())
			return nil
		})
		if err != nil {
			return err
		}
	}
	return withKernel(ctx, o, spec, func(s *session) error {
		to.Info = s.info
		to.add(measureStart, s.replied.Sub(s.process.Began).Seconds())
		for _, m := range measures() {
			if !strings.Contains(m.name, o.only) {
				continue
			}
			err := m.make(s, m.name, to)
			if errors.Is(err, context.Canceled) {
				return err
			}
			if err != nil {
				to.fail(m.name, err)
			}
			if err != nil && !s.alive() {
				break
			}
		}
		return nil
	})
}

// A session is one kernel that runs.
type session struct {
	ctx     context.Context
	o       options
	process *jupyter.Process
	client  *jupyter.Client
	info    jupyter.Info
	replied time.Time // when the first kernel_info_reply had come
	dialect dialect
	fresh   int  // the last number that made a text new
	stuck   bool // a cell did not end
}

// withKernel starts a kernel, lets work use it, and ends it in any case.
func withKernel(ctx context.Context, o options, spec jupyter.Spec, work func(*session) error) error {
	p, err := jupyter.Start(spec, o.venv)
	if err != nil {
		return err
	}
	// Numbers that no session before this one had either: a kernel may keep on disk what it made of a text.
	s := &session{ctx: ctx, o: o, process: p, fresh: 1000 + int(time.Now().UnixMicro()%1_000_000_000)}
	defer func() { p.Stop(s.grace()) }()
	starting, cancel := context.WithTimeout(ctx, o.timeout)
	defer cancel()
	s.client, err = jupyter.Connect(starting, p)
	if err != nil {
		return err
	}
	defer s.client.Close()
	s.info, s.replied, err = s.client.Ready(starting)
	if err != nil {
		return fmt.Errorf("wait for kernel_info: %w", err)
	}
	s.dialect, err = dialectOf(s.info, o.dialect)
	if err != nil {
		return err
	}
	defer s.client.Shutdown() // an error here means that it is gone already
	return work(s)
}

// grace is how long a kernel may take to end by itself; one that hangs is not waited for.
func (s *session) grace() time.Duration {
	if s.stuck || s.client == nil {
		return 0
	}
	return 5 * time.Second
}

func (s *session) alive() bool {
	select {
	case <-s.process.Exited():
		return false
	default:
		return !s.stuck
	}
}

// number gives one that no text had before.
func (s *session) number() int {
	s.fresh++
	return s.fresh
}
