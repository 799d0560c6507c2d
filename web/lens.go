package web

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles"
)

// lens is which part of the evidence a page shows, and how. All of it stands in
// the URL, so that every view is a link; what has its default is left out of it.
type lens struct {
	Side     profiles.Side
	Kind     profiles.Kind
	Group    int    // of the sizes, concurrencies, placements and hosts, from 0
	Socket   string // the address of a single cell; "" for the difference
	Base     string // address of a cell
	Other    string // address of a cell, or none
	Metric   string // of the matrix and the curves; "" for the one that answers
	Mode     Mode   // "" for the default
	Type     string // sample type; "" for the default
	At       uint64 // the box that is zoomed to; 0 for the root
	From     int    // leaves out so many of At's widest children: what a "smaller" box holds
	Search   string // RE2
	Function string // RE2 for lines; "" for the workload's loop
	Pivot    string // the function of a sandwich
	Tab      string // of a profile's page: flame, top, lines, waterfall
	Sort     string // of a top table, see rankingOf
	Rows     int    // of a top table; 0 for the first step
	Sum      string // of a waterfall: "sides", client and server together; "" for the side
	BaseOps  int64  // typed in where a profile does not know them
	OtherOps int64
	wrongOps map[string]string // by parameter: what was typed and is no number

	// What of the profiles is looked at: RE2, as pprof's options of these names.
	Focus, Ignore, Hide, ShowFrom string
	Label                         string // "key=value": only samples with this label

	// Of the flame graph.
	Graphs string // "pair": both sides, one under the other; "base", "other": one alone; "" for their union
	Orient string // "flame": the root below; "" for an icicle
	Colour string // "difference", "package", "layer"; "" for the first that there is
	Delta  string // "self": colours mean the change of self; "" of total
	Only   string // "changed" (beyond noise), "new", "gone"; "" for all

	// Of the lines.
	Cells []string // addresses of the cells that stand side by side; none for the group's
	Open  []string // the lines that are opened, as the listing names them
	Order string   // "difference": the largest first, "difference-2" those of the second column; "" as in the file
	Whole string   // the file that is listed whole

	// boxes is how many frames a flame graph may have; 0 for a page's. An export sets
	// it: it stands in no link.
	boxes int
}

// none is the other of a view that shows one cell alone.
const none = "none"

// maxMany bounds what a link names a list of.
const maxMany = 64

// maxPattern bounds what is compiled as a regular expression.
const maxPattern = 1000

// maxLens bounds a link, in bytes of its query: each of the hundreds of links of a
// page holds the lens that it was asked through.
const maxLens = 6000

func lensOf(q url.Values) (lens, error) {
	l, err := readLens(q)
	if err == nil {
		err = l.opsError()
	}
	return l, err
}

// opsError is what is wrong with the numbers of operations; nil for nothing.
func (l lens) opsError() error {
	for _, typed := range l.wrongOps {
		_, err := operations(typed)
		return sentence(http.StatusBadRequest, "%s", faultOf(err).sentence)
	}
	return nil
}

// readLens is lensOf for pages that ask for the operations: what cannot be read of
// them is kept for the form.
func readLens(q url.Values) (lens, error) {
	l := lens{wrongOps: map[string]string{}, Side: profiles.Client, Kind: profiles.Go, Cells: q["cell"], Open: q["open"]}
	if len(l.Cells)+len(l.Open) > maxMany {
		return l, sentence(http.StatusBadRequest, "A link names at most %d cells and opened lines.", maxMany)
	}
	if len(q.Encode()) > maxLens {
		return l, sentence(http.StatusRequestURITooLong, "The address is longer than %d characters: leave some of its patterns or opened lines out.", maxLens)
	}
	for _, t := range l.texts() {
		*t.to = q.Get(t.name)
		if *t.to != "" && t.oneOf != nil && !slices.Contains(t.oneOf, *t.to) {
			return l, sentence(http.StatusBadRequest, "There is no %s=%q: it is %s.", t.name, clip(*t.to), strings.Join(t.oneOf, " or "))
		}
	}
	if v := q.Get("side"); v != "" {
		l.Side = profiles.Side(v)
		if l.Side != profiles.Client && l.Side != profiles.Server {
			return l, sentence(http.StatusBadRequest, "There is no side %q: it is client or server.", clip(v))
		}
	}
	if v := q.Get("kind"); v != "" {
		l.Kind = profiles.Kind(v)
		if l.Kind != profiles.Go && l.Kind != profiles.Kernel {
			return l, sentence(http.StatusBadRequest, "There is no profile of kind %q: it is go or kernel.", clip(v))
		}
	}
	if v := q.Get("mode"); v != "" {
		l.Mode = Mode(v)
		if !slices.Contains(Modes[:], l.Mode) {
			return l, sentence(http.StatusBadRequest, "There is no mode %q: it is per-op, share, cores, raw or normalize.", clip(v))
		}
	}
	var err error
	if v := q.Get("at"); v != "" {
		if l.At, err = strconv.ParseUint(v, 36, 64); err != nil {
			return l, sentence(http.StatusBadRequest, "The place %q in the flame graph cannot be read: follow a link of the page.", clip(v))
		}
	}
	for name, to := range map[string]*int64{"base_ops": &l.BaseOps, "other_ops": &l.OtherOps} {
		if v := q.Get(name); v != "" {
			if *to, err = operations(v); err != nil {
				l.wrongOps[name] = v
			}
		}
	}
	for name, to := range map[string]*int{"group": &l.Group, "from": &l.From, "rows": &l.Rows} {
		if v := q.Get(name); v != "" {
			if *to, err = strconv.Atoi(v); err != nil || *to < 0 {
				return l, sentence(http.StatusBadRequest, "%s=%q is not a whole number from 0 on: follow a link of the page.", name, clip(v))
			}
		}
	}
	return l, nil
}

// text is a part of the lens that is a string.
type text struct {
	name  string // in the query
	to    *string
	oneOf []string // nil for any
}

// texts are the parts of the lens that are strings; "" is the default of each.
func (l *lens) texts() []text {
	return []text{
		{"socket", &l.Socket, nil},
		{"base", &l.Base, nil},
		{"other", &l.Other, nil},
		{"metric", &l.Metric, nil},
		{"sample_type", &l.Type, nil},
		{"search", &l.Search, nil},
		{"function", &l.Function, nil},
		{"pivot", &l.Pivot, nil},
		{"tab", &l.Tab, nil},
		{"sort", &l.Sort, nil},
		{"sum", &l.Sum, []string{"sides"}},
		{"focus", &l.Focus, nil},
		{"ignore", &l.Ignore, nil},
		{"hide", &l.Hide, nil},
		{"show_from", &l.ShowFrom, nil},
		{"label", &l.Label, nil},
		{"graphs", &l.Graphs, []string{"pair", "base", "other"}},
		{"orient", &l.Orient, []string{"flame"}},
		{"colour", &l.Colour, []string{"difference", "package", "layer"}},
		{"delta", &l.Delta, []string{"self"}},
		{"only", &l.Only, []string{"changed", "new", "gone"}},
		{"order", &l.Order, nil},
		{"whole", &l.Whole, nil},
	}
}

// params is the lens as a query, what has its default left out.
func (l lens) params() url.Values {
	q := url.Values{}
	put := func(name, v, otherwise string) {
		if v != otherwise {
			q.Set(name, v)
		}
	}
	for _, t := range l.texts() {
		put(t.name, *t.to, "")
	}
	for _, c := range l.Cells {
		q.Add("cell", c)
	}
	for _, o := range l.Open {
		q.Add("open", o)
	}
	put("side", string(l.Side), string(profiles.Client))
	put("kind", string(l.Kind), string(profiles.Go))
	put("group", strconv.Itoa(l.Group), "0")
	put("mode", string(l.Mode), "")
	put("base_ops", strconv.FormatInt(l.BaseOps, 10), "0")
	put("other_ops", strconv.FormatInt(l.OtherOps, 10), "0")
	if l.At != 0 {
		q.Set("at", place(l.At))
	}
	put("from", strconv.Itoa(l.From), "0")
	put("rows", strconv.Itoa(l.Rows), "0")
	return q
}

// place is a box of a flame graph as links name it.
func place(hash uint64) string { return strconv.FormatUint(hash, 36) }

// on is the address of path seen through the lens, at an anchor when one is given.
func (l lens) on(path, anchor string) string {
	if anchor != "" {
		anchor = "#" + anchor
	}
	return path + query(l.params().Encode()) + anchor
}

// with is the lens after a change.
func (l lens) with(change func(*lens)) lens {
	change(&l)
	return l
}

// compile reads a pattern that somebody typed: RE2, so that it takes linear time.
// An empty pattern is nil. What does not compile gives a sentence for the field.
func compile(pattern string) (*regexp.Regexp, string) {
	if pattern == "" {
		return nil, ""
	}
	if len(pattern) > maxPattern {
		return nil, "The pattern is too long: use at most 1 000 characters."
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, "The pattern is not a regular expression (RE2): to search for the text itself, put \\Q before it."
	}
	return re, ""
}
