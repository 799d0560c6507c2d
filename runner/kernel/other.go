//go:build !linux

package kernel

import "errors"

const needsLinux = "No kernel-deep profiles: they need Linux."

// Probe says that this is not Linux.
func Probe() Support { return Support{Reason: needsLinux} }

// Sampler samples nothing here.
type Sampler struct{}

// NewSampler returns one whose Support says why it samples nothing.
func NewSampler() *Sampler { return &Sampler{} }

// Support is what [Probe] says.
func (*Sampler) Support() Support { return Probe() }

// Open refuses.
func (*Sampler) Open() (*Session, error) { return nil, errors.New(needsLinux) }

// Session is never made here.
type Session struct{}

// Start calls start.
func (*Session) Start(start func() error) error { return start() }

// Watch refuses.
func (*Session) Watch(int) error { return errors.New(needsLinux) }

// Enable refuses.
func (*Session) Enable() error { return errors.New(needsLinux) }

// Disable does nothing.
func (*Session) Disable() error { return nil }

// Stats are empty.
func (*Session) Stats() Stats { return Stats{} }

// Recording refuses.
func (*Session) Recording(int) (Recording, error) { return Recording{}, errors.New(needsLinux) }

// Close does nothing.
func (*Session) Close() {}
