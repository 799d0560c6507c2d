package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/runner/host"
	"github.com/sockscope/sockscope/templates"
)

// hosts says what the machines are that run comparisons, the server's own first.
func (s *Server) hosts(c echo.Context) error {
	ms, err := s.machines(c.Request().Context())
	if err != nil {
		return err
	}
	v := templates.HostsPage{
		Chrome: s.chrome(c, templates.SectionHosts, "Hosts"), Hosts: []templates.HostView{},
		Differences: differencesOf(ms), Join: join(c.Request().Host), AccessURL: "/access",
	}
	busy := v.Chrome.Status.Tone == templates.Busy
	for i, m := range ms {
		h := s.hostView(m, busy)
		h.ID = "host-" + strconv.Itoa(i+1)
		v.Hosts = append(v.Hosts, h)
	}
	return render(c, http.StatusOK, templates.Hosts(v))
}

// hostView is one host. Before a worker of the server's own host has reported, what
// the queue does stands for it.
func (s *Server) hostView(m machine, busy bool) templates.HostView {
	h := templates.HostView{Name: m.Name, Checks: []templates.Check{}, Warnings: m.Warnings, Advice: []templates.Command{}, Notes: []string{}}
	switch {
	case !m.online():
		h.State = templates.StateView{Tone: templates.Soft, Label: "not online"}
	case m.Running != "":
		h.State = templates.StateView{Tone: templates.Busy, Label: "running"}
		h.Running = templates.Link{Label: m.Running, URL: scope{}.comparison(m.Running, "")}
	case m.SeenAt.IsZero() && busy:
		h.State = templates.StateView{Tone: templates.Busy, Label: "running a comparison"}
	default:
		h.State = templates.StateView{Tone: templates.Good, Label: "ready"}
	}
	if m.own {
		h.Since = "this server’s own"
	}
	if since := s.since(m); since != "" {
		h.Since = strings.TrimPrefix(h.Since+", "+since, ", ")
	}
	h.Facts, h.More = factsOf(m.print)
	for _, u := range m.checks {
		check := templates.Check{Name: string(u.Socket), OK: u.OK, Sentence: u.Reason}
		if m.own {
			check.Command = u.Advice // what a worker sent is never offered to be run
		}
		h.Checks = append(h.Checks, check)
	}
	if m.own && s.Advice != nil {
		for _, a := range s.Advice() {
			if a.Command == "" {
				h.Notes = append(h.Notes, a.Sentence)
				continue
			}
			h.Advice = append(h.Advice, templates.Command{Label: a.Sentence, Text: a.Command})
		}
	}
	return h
}

// since says since when a host is there, or when it was.
func (s *Server) since(m machine) string {
	switch {
	case !m.OnlineSince.IsZero():
		return "online since " + moment(m.OnlineSince)
	case !m.SeenAt.IsZero():
		return "last seen " + quantity.Ago(m.SeenAt, s.Now())
	}
	return ""
}

// factsOf are the facts of a machine: those that matter most, and all the others
// in groups. What is not known is left out.
func factsOf(f host.Fingerprint) (first []templates.Fact, groups []templates.FactGroup) {
	first = known("CPU", f.CPU, "System", strings.Trim(f.OS+"/"+f.Arch, "/"), "Kernel", f.Kernel, "Governor", f.Governor, "Go", f.Go)
	if f.CPUs > 0 {
		first = slices.Insert(first, min(1, len(first)), templates.Fact{Label: "CPUs", Value: fmt.Sprintf("%d logical, %d cores", f.CPUs, f.Cores)})
	}
	if f.Hypervisor {
		first = append(first, templates.Fact{Label: "Machine", Value: "virtual"})
	}
	add := func(title string, facts []templates.Fact) {
		if len(facts) > 0 {
			groups = append(groups, templates.FactGroup{Title: title, Facts: facts})
		}
	}
	files := ""
	if f.OpenFiles > 0 {
		files = strconv.FormatUint(f.OpenFiles, 10)
	}
	add("Machine", known("Kernel options", f.KernelOptions, "Boost", f.Boost, "SMT", f.SMT, "Clock source", f.Clocksource,
		"Transparent huge pages", f.HugePages, "CPU quota", f.CPUQuota, "Open files", files, "Built from", f.Revision))
	add("Go settings", named(f.GoSettings))
	add("Kernel settings", named(f.Sysctls))
	add("Mitigations", named(f.Mitigations))
	return first, groups
}

// known makes facts of labels and values in turn.
func known(pairs ...string) []templates.Fact {
	facts := []templates.Fact{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			facts = append(facts, templates.Fact{Label: pairs[i], Value: pairs[i+1]})
		}
	}
	return facts
}

func named(values map[string]string) []templates.Fact {
	facts := []templates.Fact{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		facts = append(facts, templates.Fact{Label: name, Value: values[name]})
	}
	return facts
}

// differencesOf lays each other host beside the first; nil where nothing differs.
func differencesOf(ms machines) *templates.Differences {
	d := templates.Differences{Title: "How the hosts differ", Hint: "each is compared with its own base only", Columns: ms.names()}
	at := map[string]int{}
	for i := 1; i < len(ms); i++ {
		for _, x := range host.Differences(ms[0].print, ms[i].print) {
			row, ok := at[x.Name]
			if !ok {
				row = len(d.Rows)
				at[x.Name] = row
				d.Rows = append(d.Rows, templates.DifferenceRow{Name: x.Name, Values: slices.Repeat([]string{x.A}, len(ms)), Matters: x.Matters})
			}
			d.Rows[row].Values[i] = x.B
		}
	}
	if len(d.Rows) == 0 {
		return nil
	}
	return &d
}

// join are the commands that make another machine a host of this server.
func join(hostport string) []templates.Command {
	name, _, ok := strings.Cut(hostport, ":")
	if !ok || name == "" || name == "127.0.0.1" || name == "localhost" || strings.HasPrefix(hostport, "[") {
		name = "SERVER"
	}
	return []templates.Command{
		{Label: "Here: let workers in, at the ADDRESS of this machine that they reach. The start prints which file holds their token", Text: "sockscope serve --nats-listen ADDRESS:4222"},
		{Label: "There: copy that file over, then", Text: "sockscope worker --join nats://" + name + ":4222 --token-file FILE --host \"$(hostname)\""},
	}
}
