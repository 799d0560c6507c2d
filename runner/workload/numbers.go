package workload

import "time"

const (
	// mostStreams bounds what strangers can make a receiver remember.
	mostStreams = 4096
	// seenLength is how many messages back one is known to have arrived; what is
	// older counts as a duplicate.
	seenLength = 4096
	// trackedSize is the least size of messages whose numbers are followed: four
	// bytes do not come round within what can get lost at a stretch.
	trackedSize = 4
	// clockEvery is how many messages are counted between two looks at the clock.
	clockEvery = 64
)

// numbers counts the messages of streams without connections. Messages too short
// to name their stream go to their only stream, or are counted for all streams
// together, where duplicates cannot be told.
type numbers struct {
	size    int
	tally   *Tally
	epoch   time.Time
	every   uint64 // as the streams asked for; 0 for no acknowledgment
	streams map[uint32]*arrivals
	last    *arrivals // of the message before
	shared  arrivals
	strays  Counts // of no stream
	reply   []byte
}

// arrivals is what one stream received in this pass.
type arrivals struct {
	stream, pass uint32
	next         uint64 // sequence number after the highest one
	base         uint64 // the first one of this pass
	seen         [seenLength / 64]uint64
	counts       Counts
	when         interval
	report       report // of the pass before
}

// add counts a message and returns the answer to it, if any.
func (n *numbers) add(data []byte) []byte {
	if len(data) == n.size {
		return n.message(data)
	}
	c, ok := parseControl(data)
	if !ok || len(data) != controlLength(n.size) {
		n.strays.Foreign++
		return nil
	}
	return n.control(c)
}

func (n *numbers) message(data []byte) []byte {
	h := parse(data)
	a, tracked := n.of(h)
	if a == nil {
		n.strays.Foreign++
		return nil
	}
	if !tracked || a.take(near(a.next, h.sequence, len(data))) {
		if a.counts.Messages%clockEvery == 0 {
			a.look(time.Since(n.epoch))
		}
		a.counts.Messages++
		a.counts.Bytes += int64(len(data))
	}
	if n.every == 0 || (h.sequence+1)%n.every != 0 {
		return nil
	}
	n.reply = control{kind: acknowledge, stream: h.stream, sequence: h.sequence}.append(n.reply[:0])
	return n.reply
}

// of returns where a message is counted, and whether its number is followed.
func (n *numbers) of(h header) (a *arrivals, tracked bool) {
	switch {
	case h.known && n.last != nil && n.last.stream == h.stream:
		return n.last, true
	case h.known:
		if a = n.streams[h.stream]; a != nil {
			n.last = a
		}
		return a, true
	case len(n.streams) == 0:
		return nil, false
	case len(n.streams) == 1 && n.size >= trackedSize:
		return n.last, true
	}
	return &n.shared, false
}

func (n *numbers) control(c control) []byte {
	a := n.streams[c.stream]
	switch {
	case c.kind == begin && a == nil && len(n.streams) < mostStreams && (len(n.streams) == 0 || n.every == uint64(c.every)):
		a = &arrivals{stream: c.stream}
		n.streams[c.stream], n.last, n.every = a, a, uint64(c.every)
	case c.kind == begin && a != nil:
	case c.kind == end && a != nil && c.pass == a.pass:
		n.end(a, c)
	case c.kind == end && a != nil && c.pass+1 == a.pass:
	default:
		n.strays.Foreign++
		return nil
	}
	n.reply = c.append(n.reply[:0])
	if c.kind == end {
		n.reply = a.report.append(n.reply)
	}
	return n.reply
}

// end closes the pass of one stream.
func (n *numbers) end(a *arrivals, c control) {
	for _, b := range []*arrivals{a, &n.shared} {
		if b.counts.Messages > 0 && !c.again { // else the end may have come long after the last message
			b.look(time.Since(n.epoch))
		}
	}
	a.report = report{Counts: a.counts.Add(n.shared.counts).Add(n.strays), when: hull(a.when, n.shared.when)}
	sent := max(int64(c.sequence-a.base), 0) // a stranger may say anything
	all := a.report.Counts
	all.Lost = sent - all.Messages
	n.tally.add(all, a.report.when)
	a.counts, a.when = Counts{}, interval{}
	n.shared, n.strays = arrivals{}, Counts{}
	a.pass++
	a.base, a.next = c.sequence, max(a.next, c.sequence)
}

// hull is the stretch of time that holds both; an empty one holds nothing.
func hull(a, b interval) interval {
	switch (interval{}) {
	case a:
		return b
	case b:
		return a
	}
	return interval{min(a.from, b.from), max(a.to, b.to)}
}

// look notes that something arrived now.
func (a *arrivals) look(now time.Duration) {
	if a.counts.Messages == 0 {
		a.when.from = now
	}
	a.when.to = now
}

// take reports whether a message is a new one of this pass, and counts what it is
// else.
func (a *arrivals) take(sequence uint64) bool {
	if sequence < a.base {
		a.counts.Reordered++ // its pass is over, and it counts as lost there
		return false
	}
	slot, bit := sequence/64%(seenLength/64), uint64(1)<<(sequence%64)
	if sequence >= a.next {
		a.forget(sequence)
		a.seen[slot] |= bit
		a.next = sequence + 1
		return true
	}
	if a.next-sequence > seenLength || a.seen[slot]&bit != 0 {
		a.counts.Duplicates++
		return false
	}
	a.seen[slot] |= bit
	a.counts.Reordered++
	return true
}

// forget makes room for the numbers from next to sequence.
func (a *arrivals) forget(sequence uint64) {
	if sequence-a.next >= seenLength {
		a.seen = [seenLength / 64]uint64{}
		return
	}
	for s := a.next; s <= sequence; s++ {
		a.seen[s/64%(seenLength/64)] &^= 1 << (s % 64)
	}
}
