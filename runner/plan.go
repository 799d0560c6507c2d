package runner

import "github.com/sockscope/sockscope/profiles"

// HostNames are the hosts to run on; "" is the server's own.
func (s Spec) HostNames() []string {
	if len(s.Hosts) > 0 {
		return s.Hosts
	}
	return []string{s.Host}
}

// Cells is the plan: for each host, size, concurrency and placement the base, its
// A/A cell, then the other sockets in the order of the Spec, each with its
// variants behind it. Cells that make no sense are there too, with the reason in
// NA. Cell.Host is set only where there are several hosts.
func (s Spec) Cells() []profiles.Cell {
	return s.CellsWhere(func(string, Socket) string { return "" })
}

// CellsWhere is Cells on hosts where not every socket can be opened: missing
// returns the reason for those that cannot, and "" for the others.
func (s Spec) CellsWhere(missing func(host string, k Socket) string) []profiles.Cell {
	cells := []profiles.Cell{}
	for _, host := range s.HostNames() {
		for _, size := range s.Sizes {
			for _, n := range s.Concurrency {
				for _, p := range s.Placements {
					c := profiles.Cell{Workload: string(s.Workload), Size: size, Concurrency: n, Placement: string(p)}
					if len(s.Hosts) > 1 {
						c.Host = host
					}
					cells = append(cells, s.group(c, func(k Socket) string { return missing(host, k) })...)
				}
			}
		}
	}
	return cells
}

// group is the cells that differ from like in socket and variant only.
func (s Spec) group(like profiles.Cell, missing func(Socket) string) []profiles.Cell {
	var cells []profiles.Cell
	add := func(k Socket, v Variant, aa bool) {
		c := like
		c.Socket, c.Variant, c.AA = string(k), string(v), aa
		if c.NA = Applicable(s.Workload, k, c.Size, s.Rate); c.NA == "" {
			c.NA = missing(k)
		}
		cells = append(cells, c)
	}
	variants := func(k Socket) {
		for _, v := range s.Variants {
			if v.Of(k, s.Workload) {
				add(k, v, false)
			}
		}
	}
	add(s.Base, Plain, false)
	add(s.Base, Plain, true)
	variants(s.Base)
	for _, k := range s.Sockets {
		if k != s.Base {
			add(k, Plain, false)
			variants(k)
		}
	}
	return cells
}
