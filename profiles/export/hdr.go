package export

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"

	"github.com/sockscope/sockscope/profiles"
)

// Histogram is the latencies of one run.
type Histogram struct {
	Cell    profiles.Cell
	Round   int
	Started time.Time
	Elapsed time.Duration
	Data    []byte // HDR histogram in its V2 compressed encoding, in base64
}

// HDRLog writes a log of the format HdrHistogram 1.3: one interval for each run,
// tagged with its cell, in ns. Tools for such logs split it by tag; the intervals
// of a tag are its rounds.
func HDRLog(w io.Writer, histograms []Histogram) error {
	out := bufio.NewWriter(w)
	log := hdrhistogram.NewHistogramLogWriter(out)
	start := time.Time{}
	for _, h := range histograms {
		if start.IsZero() || h.Started.Before(start) {
			start = h.Started
		}
	}
	steps := []func() error{
		log.OutputLogFormatVersion,
		func() error {
			return log.OutputComment("[latencies in ns; one interval for each run, tagged with its cell]")
		},
		func() error { return log.OutputStartTime(start.UnixMilli()) },
		log.OutputLegend,
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("write the head of an HDR log: %w", err)
		}
	}
	for _, h := range histograms {
		if err := h.log(log); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write an HDR log: %w", err)
	}
	return nil
}

func (h Histogram) log(w *hdrhistogram.HistogramLogWriter) error {
	decoded, err := hdrhistogram.Decode(h.Data)
	if err != nil {
		return fmt.Errorf("decode the latencies of round %d of %s: %w", h.Round, h.Cell.Name(), err)
	}
	decoded.SetTag(hdrTag(h.Cell))
	decoded.SetStartTimeMs(h.Started.UnixMilli())
	decoded.SetEndTimeMs(h.Started.Add(h.Elapsed).UnixMilli())
	if err := w.OutputIntervalHistogram(decoded); err != nil {
		return fmt.Errorf("write the latencies of round %d of %s: %w", h.Round, h.Cell.Name(), err)
	}
	return nil
}

// hdrTag names a cell without the signs that end a tag.
func hdrTag(c profiles.Cell) string {
	tag := c.Slug()
	if c.Host != "" {
		tag += "@" + c.Host
	}
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == ',' || r == '=' || r == 0x7f {
			return '_'
		}
		return r
	}, tag)
}
