package workload

import "time"

// Counts says how many messages there were and what became of them. Fields that
// mean nothing for a socket or a workload stay 0.
type Counts struct {
	// Messages and Bytes that arrived: those of a stream at the receiver, replies
	// of the other workloads at the client, requests answered at a server.
	Messages int64 `json:"messages"`
	Bytes    int64 `json:"bytes"`
	// Lost messages were sent, and nothing came of them before their deadline. They
	// are never sent again.
	Lost int64 `json:"lost,omitempty"`
	// Duplicates arrived again after they had arrived.
	Duplicates int64 `json:"duplicates,omitempty"`
	// Reordered messages arrived after one that was sent later; a reply that comes
	// after its request was given up is one too.
	Reordered int64 `json:"reordered,omitempty"`
	// Truncated messages were longer than the buffer for them.
	Truncated int64 `json:"truncated,omitempty"`
	// Foreign messages had another length or another sender than those of the run.
	Foreign int64 `json:"foreign,omitempty"`
	// Receiving is how long a stream arrived: from the first read of a pass to the
	// last, and where several streams arrive at once, the union of their times. It is
	// 0 if one read took all there was.
	Receiving time.Duration `json:"receiving_ns,omitempty"`
}

// Add returns the sums of both.
func (c Counts) Add(d Counts) Counts {
	c.Messages += d.Messages
	c.Bytes += d.Bytes
	c.Lost += d.Lost
	c.Duplicates += d.Duplicates
	c.Reordered += d.Reordered
	c.Truncated += d.Truncated
	c.Foreign += d.Foreign
	c.Receiving += d.Receiving
	return c
}

// Sub returns what was counted between d and c.
func (c Counts) Sub(d Counts) Counts {
	return c.Add(Counts{
		Messages: -d.Messages, Bytes: -d.Bytes, Lost: -d.Lost, Duplicates: -d.Duplicates,
		Reordered: -d.Reordered, Truncated: -d.Truncated, Foreign: -d.Foreign, Receiving: -d.Receiving,
	})
}

// of balances what was delivered with what was sent: what is missing is lost, and
// what is too much is of others. Messages too short for the id of their stream
// cannot be told from those of others.
func (c Counts) of(sent int64) Counts {
	sent = max(sent, 0)
	c.Lost = max(sent-c.Messages, 0)
	if more := c.Messages - sent; more > 0 {
		c.Bytes -= c.Bytes / c.Messages * more
		c.Messages, c.Foreign = sent, c.Foreign+more
	}
	return c
}
