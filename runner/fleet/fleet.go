// Package fleet connects benchmark hosts with a server: it is what "sockscope
// serve" and "sockscope worker" have in common.
//
//  1. [Options.Start] opens the queue of a server: the NATS server that is built in,
//     with a port for other hosts when --nats-listen asks for one, or the one that
//     --nats names. It starts the dispatcher and the worker of this machine.
//  2. [Command] is the worker of another machine. It needs no database: it connects,
//     says which host it is, and takes that host's orders.
//  3. Both workers are made by the same function, so a machine measures the same
//     whoever asked.
//
// Workers have a token of their own, which lets them do nothing but report. The
// start token, which may start and delete comparisons, never leaves the server.
package fleet

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/google/pprof/profile"
	"github.com/nats-io/nats.go"

	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/bench"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/queue"
)

// Machine is what a worker says about the machine it runs on.
type Machine struct {
	Name     string
	Checks   []host.Usable // the preflight
	Warnings []string
}

// ThisMachine looks at the machine; name is "" for its hostname. It tries every
// kind of socket, so it is called once, before anything is measured.
func ThisMachine(name string) Machine {
	if name == "" {
		name = host.ReadFingerprint().Hostname
	}
	return Machine{Name: name, Checks: bench.Preflight(), Warnings: host.Place(runner.Split).Warnings}
}

// newWorker makes the worker of a machine, with the real benchmark.
func newWorker(conn *nats.Conn, m Machine, instance string, log *slog.Logger, admitted func(bool, string)) *queue.Worker {
	return queue.NewWorker(conn, measure(log), queue.WorkerOptions{
		Host: m.Name, Instance: instance, Log: log, Fingerprint: fingerprint, Sources: sources, Admitted: admitted, Warnings: m.Warnings,
		Checks: func() (json.RawMessage, error) { return json.Marshal(m.Checks) },
	})
}

// measure is what a worker does with an order.
func measure(log *slog.Logger) queue.Bench {
	return func(ctx context.Context, spec runner.Spec, t queue.Task) error {
		return bench.Compare(ctx, spec, bench.Options{
			Cells: t.Cells, Host: t.Host, Skip: t.Skip, Result: t.Result, Progress: t.Progress, Seed: t.Seed, Log: log,
		})
	}
}

func fingerprint() (json.RawMessage, error) { return json.Marshal(host.ReadFingerprint()) }

func sources(ps []*profile.Profile) ([]byte, error) { return bench.Sources(ps).Encode(), nil }
