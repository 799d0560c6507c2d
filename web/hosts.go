package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// hosts says what the machines are that run comparisons: in this version the
// server's own.
func (s *Server) hosts(c echo.Context) error {
	f := s.Host.Fingerprint
	h := templates.HostView{Name: s.Host.Name, State: templates.StateView{Tone: templates.Good, Label: "ready"}, Facts: []templates.Fact{}, Checks: []templates.Check{}, Warnings: s.Host.Warnings}
	if s.status(c).Tone == templates.Busy {
		h.State = templates.StateView{Tone: templates.Busy, Label: "running a comparison"}
	}
	add := func(label, value string) {
		if value != "" {
			h.Facts = append(h.Facts, templates.Fact{Label: label, Value: value})
		}
	}
	add("CPU", f.CPU)
	add("CPUs", fmt.Sprintf("%d logical, %d cores", f.CPUs, f.Cores))
	add("System", f.OS+"/"+f.Arch)
	add("Kernel", f.Kernel)
	add("Kernel options", f.KernelOptions)
	if f.Hypervisor {
		add("Machine", "virtual")
	}
	add("Governor", f.Governor)
	add("SMT", f.SMT)
	add("Clock source", f.Clocksource)
	add("CPU quota", f.CPUQuota)
	add("Open files", fmt.Sprint(f.OpenFiles))
	add("Go", f.Go)
	add("Built from", f.Revision)
	for _, name := range slices.Sorted(maps.Keys(f.Sysctls)) {
		add(name, f.Sysctls[name])
	}
	for _, name := range slices.Sorted(maps.Keys(f.Mitigations)) {
		add("mitigation of "+name, f.Mitigations[name])
	}
	for _, check := range s.Host.Checks {
		h.Checks = append(h.Checks, templates.Check{Name: string(check.Socket), OK: check.OK, Sentence: check.Reason})
	}
	return render(c, http.StatusOK, templates.Hosts(templates.HostsPage{Chrome: s.chrome(c, templates.SectionHosts, "Hosts"), Hosts: []templates.HostView{h}}))
}
