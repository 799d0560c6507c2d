package queue

import (
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// A result may be larger than a NATS server lets through (1 MB as it comes): it is
// sent in parts then, one after the other, and put together again here.

// Headers of a part.
const (
	headerUpload = "Sockscope-Upload" // a random name, the same for all parts
	headerPart   = "Sockscope-Part"   // "2/5"
)

// Bounds of what is being put together.
const (
	maxParts       = 1024
	maxUploads     = 64
	maxUploadBytes = 128 << 20 // of all of them
	uploadPatience = 30 * time.Second
)

type upload struct {
	parts, have int
	body        []byte
	seen        time.Time
}

// uploads are the results of which some parts are missing.
type uploads struct {
	mu    sync.Mutex
	all   map[string]*upload
	bytes int
}

func newUploads() *uploads { return &uploads{all: map[string]*upload{}} }

// take returns the whole body of a message: its own, or that of all parts with the
// last one; nil, without an error, when parts are still to come. A part out of turn
// is an error: its sender begins anew.
func (u *uploads) take(m *nats.Msg, now time.Time) ([]byte, error) {
	id := m.Header.Get(headerUpload)
	if id == "" {
		return m.Data, nil
	}
	var at, parts int
	if _, err := fmt.Sscanf(m.Header.Get(headerPart), "%d/%d", &at, &parts); err != nil || at < 1 || at > parts || parts > maxParts || len(id) > 64 {
		return nil, &badResult{"it is a part of nothing"}
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.forget(now)
	one := u.all[id]
	if one == nil && at == 1 && len(u.all) < maxUploads {
		one = &upload{parts: parts}
		u.all[id] = one
	}
	if one == nil || one.parts != parts || one.have != at-1 || u.bytes+len(m.Data) > maxUploadBytes {
		u.drop(id)
		return nil, fmt.Errorf("part %d of %d is out of turn", at, parts)
	}
	if len(one.body)+len(m.Data) > maxPayload {
		u.drop(id)
		return nil, &badResult{fmt.Sprintf("it has more than %d bytes", maxPayload)}
	}
	one.have, one.seen = at, now
	one.body = append(one.body, m.Data...)
	u.bytes += len(m.Data)
	if at < parts {
		return nil, nil
	}
	u.drop(id)
	return one.body, nil
}

func (u *uploads) drop(id string) {
	if one := u.all[id]; one != nil {
		u.bytes -= len(one.body)
		delete(u.all, id)
	}
}

// forget drops those whose sender has fallen silent.
func (u *uploads) forget(now time.Time) {
	for id, one := range u.all {
		if now.Sub(one.seen) > uploadPatience {
			u.drop(id)
		}
	}
}
