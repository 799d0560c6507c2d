package web

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/advice"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/stats"
	"github.com/sockscope/sockscope/runner"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/runner/socket"
	"github.com/sockscope/sockscope/templates"
)

// kindsOf are all sockets, as far as they decide what they can be used for.
func kindsOf(m machine, ms machines) []advice.Socket {
	kinds := make([]advice.Socket, len(runner.Sockets))
	for i, k := range runner.Sockets {
		kinds[i] = advice.Socket{
			Name: string(k), Family: familyOf(k), Records: !k.Stream(), Lossy: k.Lossy(), TLS: k == runner.TLS,
			Ports: k.TCP(), MaxRecord: k.MaxRecord(), Missing: ms.missing(m.Name, k),
		}
	}
	return kinds
}

func familyOf(k runner.Socket) advice.Family {
	switch k {
	case runner.Unix, runner.UnixPacket, runner.UnixGram:
		return advice.File
	case runner.UnixAbstract:
		return advice.Abstract
	case runner.SocketPair:
		return advice.Pair
	case runner.VSock:
		return advice.Machine
	}
	return advice.IP
}

// hostOf is what is known of a machine, with the experiment of who can connect where
// it was made on it.
func (s *Server) hostOf(m machine) advice.Host {
	h := advice.Host{
		Name: m.Name, System: strings.Trim(m.print.OS+"/"+m.print.Arch, "/"), CPUs: m.print.CPUs, Sysctls: m.print.Sysctls,
		Ports: m.print.LocalPorts(), MaxPath: socket.MaxPath, OpenFiles: m.print.OpenFiles,
	}
	h.HeldHere, h.HeldAway = m.print.PortHeld()
	if !m.own {
		return h
	}
	rows, _ := s.tried.newest()
	for _, r := range rows {
		h.Tried = append(h.Tried, advice.Tried{Socket: string(r.Socket), Setting: r.Setting, Who: r.Who, Connected: r.Connected, Skipped: r.Skipped != ""})
	}
	return h
}

// advise answers a case on one machine.
func (s *Server) advise(ctx context.Context, a asked, m machine, ms machines) (*templates.ChooseAnswer, error) {
	kinds, h := kindsOf(m, ms), s.hostOf(m)
	evidence, err := s.evidenceFor(ctx, a, m, advice.Judge(a.Case, kinds))
	if err != nil {
		return nil, err
	}
	answer := advice.Of(a.Case, kinds, evidence, h)
	p := painter{&answer, coloursOfCase(&answer)}
	v := &templates.ChooseAnswer{
		Case: a.Summary(), Sentence: p.rich(answer.Sentence), Facts: []templates.Rich{}, Notices: []templates.Notice{},
		Sockets: p.sockets(), Out: p.out(), Bars: p.bars(), Conditions: answer.Conditions(), Limits: p.limits(h),
		BarsHint: "CPU of client and server at " + quantity.Rate(a.Rate) + " requests/s; the line is the 95 % interval of both together",
		Evidence: []templates.ChooseEvidence{},
	}
	v.Figure, v.Caption = p.figure()
	if len(answer.Costs) > 0 {
		v.CoreHead = "cores at " + quantity.Rate(a.Rate) + " requests/s, client and server together"
		if len(a.Parts()) > 1 {
			v.CoreHead += "; latency and CPU are of a request with its connection"
		}
	}
	for _, f := range answer.Facts {
		v.Facts = append(v.Facts, p.rich(f))
	}
	if len(answer.Costs) > 0 {
		for _, e := range answer.Evidence {
			v.Evidence = append(v.Evidence, s.evidenceView(a.Case, e))
			if hint := a.Hint(e.Setting); hint != "" {
				v.Notices = append(v.Notices, templates.Notice{Tone: templates.Busy, Text: hint})
			}
		}
		changes, err := s.changed(ctx, answer.Evidence, m)
		if err != nil {
			return nil, err
		}
		v.Notices = append(v.Notices, changes...)
	}
	v.Measure = s.measureLinks(&answer, m, ms)
	return v, nil
}

// evidenceView is the comparison that answers.
func (s *Server) evidenceView(c advice.Case, e advice.Evidence) templates.ChooseEvidence {
	v := templates.ChooseEvidence{
		ID: e.Comparison, URL: scope{}.comparison(e.Comparison, ""), Title: "the whole comparison", Near: c.Nearness(e.Setting),
		Facts: []templates.Fact{
			{Label: "Workload", Value: runner.Workload(e.Workload).Label()},
			{Label: "Message size", Value: quantity.Bytes(int64(e.Size))},
			{Label: "Connections at once", Value: strconv.Itoa(e.Concurrency)},
			{Label: "Placement", Value: e.Placement},
			{Label: "Loop", Value: "closed"},
			{Label: "Rounds", Value: plural(e.Rounds, "round", "rounds") + ", " + stats.GradeOf(e.Rounds).Words()},
			{Label: "Measured", Value: quantity.Ago(e.When, s.Now()), Title: moment(e.When)},
		},
	}
	if e.Rate > 0 {
		v.Facts[4].Value = "open, " + quantity.Count(int64(e.Rate)) + " requests/s"
	}
	return v
}

// changed says how the machine differs from what it was when it measured.
func (s *Server) changed(ctx context.Context, evidence []advice.Evidence, m machine) ([]templates.Notice, error) {
	list := []templates.Notice{}
	told := map[string]bool{}
	for _, e := range evidence {
		if told[e.Comparison] {
			continue
		}
		told[e.Comparison] = true
		c, err := s.Archive.Comparison(ctx, e.Comparison)
		if err != nil {
			return nil, err
		}
		then, ok := fingerprintOn(c, e.Host)
		if !ok {
			continue
		}
		names := []string{}
		for _, d := range host.Differences(then, m.print) {
			if d.A != "" && d.B != "" && d.Matters != "" && d.Name != "build" {
				names = append(names, d.Name)
			}
		}
		if len(names) > 0 {
			list = append(list, templates.Notice{Tone: templates.Soft, Text: fmt.Sprintf("%s has changed since %s was measured: %s. Measure it again to be sure.", m.Name, e.Comparison, strings.Join(names[:min(len(names), 6)], ", "))})
		}
	}
	return list, nil
}

func fingerprintOn(c profiles.Comparison, on string) (f host.Fingerprint, ok bool) {
	raw := c.Fingerprint
	if p, has := c.Part(on); has && len(p.Fingerprint) > 0 {
		raw = p.Fingerprint
	}
	return f, len(raw) > 0 && json.Unmarshal(raw, &f) == nil
}
