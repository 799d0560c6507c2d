// Package profiles holds the evidence that a comparison leaves behind: the
// [Comparison] itself, its [Cell]s, each [Run] with what it measured, the
// [Profile]s of client and server, and the [Share]s that show them to others.
//
// The types here are plain values. They are written by package store, read by
// web, and computed upon by the pure packages below this folder (tree, flame,
// listing, stats, source, guard, export), none of which knows how a run is made.
package profiles

import "errors"

// Errors that callers branch on.
var (
	// ErrNotFound says that no row has the id that was asked for.
	ErrNotFound = errors.New("not found")
	// ErrStale says that a worker reported for an attempt that is no longer the
	// current one; its report was not stored.
	ErrStale = errors.New("attempt is no longer current")
	// ErrFinal says that a comparison has ended and takes no further change.
	ErrFinal = errors.New("comparison has ended")
	// ErrExpired says that a share was valid once and its time is over.
	ErrExpired = errors.New("share has expired")
	// ErrRevoked says that a share was valid once and its owner ended it.
	ErrRevoked = errors.New("share was revoked")
)

// Side says which of the two processes a profile was taken of.
type Side string

// The two sides of a run.
const (
	Client Side = "client"
	Server Side = "server"
)

// Kind says how a profile was taken.
type Kind string

// The kinds of profile. Uploaded profiles have the empty kind.
const (
	// Go is runtime/pprof's CPU profile: Go frames at 100 Hz of CPU time.
	Go Kind = "go"
	// Kernel is sampled by perf events: Go frames with the kernel's below them.
	Kernel Kind = "kernel"
)
