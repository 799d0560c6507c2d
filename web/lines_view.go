package web

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/sockscope/sockscope/profiles/listing"
	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/templates"
)

const (
	// fewSamples is below how many samples a line's cost is drawn grey: its error
	// is then beyond ±40 %.
	fewSamples = 25
	// maxSheets is how many functions one page lists.
	maxSheets = 12
	// maxLandmarks is how many calls below a line are shown.
	maxLandmarks = 3
	// maxCells bounds the figures on a page, and so its size: rows × profiles.
	maxCells = 5000
)

// lister makes the panel of lines of one page.
type lister struct {
	panel
	book   *listing.Book
	opens  opens
	order  int // the column whose difference comes first; 0 for the order of the file
	left   int // rows that the page still has room for
	errors map[int64]string
}

// linesOf lists functions side by side: those of the lens, else a whole file, else
// the workload's loop, else what costs most.
func (p panel) linesOf() (*templates.Lines, error) {
	w := lister{panel: p, opens: opensOf(p.lens.Open), left: max(maxCells/len(p.sides), 60), errors: map[int64]string{}}
	var err error
	if w.order, err = p.ordered(); err != nil {
		return nil, err
	}
	w.book = p.book()
	v := &templates.Lines{
		Title: "Per-line timings", Columns: w.heads(), Sheets: []templates.Sheet{}, Switches: []templates.Switch{}, Largest: []templates.LargestList{},
		Note: "Each figure holds what the line calls. Grey: fewer than 25 samples, or no difference beyond sampling noise (≈). A line opens to what it calls.",
		Search: &templates.Search{
			Action: p.path, Hidden: p.hidden("function", "whole", "open"), Name: "function", Value: p.lens.Function,
			Label: "Function (regular expression)", Placeholder: "function (regexp)",
		},
	}
	if w.order > 0 {
		v.FileOrder = p.link(func(l *lens) { l.Order = "" })
	}
	v.Filter = p.filter()
	w.fill(v)
	v.Hint = p.per() + ", cumulative"
	if len(v.Sheets) == 1 && v.Sheets[0].Function != "" {
		v.Hint = shortName(v.Sheets[0].Function) + " · " + v.Hint
	}
	return v, nil
}

// book has the profiles of the panel side by side.
func (p panel) book() *listing.Book {
	sides := make([]listing.Side, len(p.sides))
	for i, o := range p.sides {
		sides[i] = listing.Side{Profile: o.decoded, SampleType: o.sampleType, Files: o.files, Index: o.index()}
	}
	return listing.Beside(sides)
}

// fill lists what is asked for.
func (w *lister) fill(v *templates.Lines) {
	sheets, found := w.sheets(v)
	if found > len(sheets) {
		v.Note = fmt.Sprintf("The %d costliest of %s functions are listed; narrow the pattern to see others. ", len(sheets), count(found)) + v.Note
	}
	if w.lens.Function == "" && w.lens.Whole == "" {
		v.Largest = w.largest()
	}
	for i, sheet := range sheets {
		if i > 0 && w.left <= 0 {
			v.Note = fmt.Sprintf("%s of %d functions are listed: the page is full; narrow the pattern. ", count(i), found) + v.Note
			break
		}
		v.Sheets = append(v.Sheets, w.sheet(sheet, found == 1))
	}
}

// sheets are the costliest of the functions that are asked for, and how many there
// are of them.
func (w *lister) sheets(v *templates.Lines) (sheets []listing.Sheet, found int) {
	if w.lens.Whole != "" {
		return w.wholeFile(v)
	}
	function := w.lens.Function
	if function == "" && w.loop != "" {
		if sheet := w.book.Sheet(w.loop); len(sheet.Rows) > 0 {
			return []listing.Sheet{sheet}, 1
		}
		v.Empty = "No sample fell into " + shortName(w.loop) + ": the profiled pass was too short. Choose another function."
		return nil, 0
	}
	if function == "" {
		return w.costliest(v)
	}
	re, wrong := compile(function)
	if wrong != "" {
		v.Search.Error, v.Empty = wrong, wrong
		return nil, 0
	}
	name, literal := literally(re)
	if literal {
		sheets, found = w.book.Named(w.unclipped(name), maxSheets)
	} else {
		sheets, found = w.book.Most(re, maxSheets)
	}
	if found == 0 {
		w.lineless(v, re)
		v.Empty = w.absent(function, name)
	}
	return sheets, found
}

// costliest is the function with the largest self value that has lines, of the last
// side that has any. Where none has, the costliest stands there without.
func (w *lister) costliest(v *templates.Lines) (sheets []listing.Sheet, found int) {
	for _, o := range slices.Backward(w.sides) {
		x := o.index()
		for _, f := range o.top() {
			if _, lines := x.Has(f.Function); lines {
				return w.book.Named(f.Function, maxSheets)
			}
		}
	}
	v.Empty = "No function is in this profile."
	if top := w.sides[len(w.sides)-1].top(); len(top) > 0 {
		v.Note = "No function here has a file or a line: the profile was made without them. "
		v.Sheets = append(v.Sheets, w.withoutLines(top[0].Function, true))
	}
	return nil, 0
}

// literally is the name of the only function that a pattern can find.
func literally(re *regexp.Regexp) (string, bool) {
	s := re.String()
	if !strings.HasPrefix(s, "^") || !strings.HasSuffix(s, "$") {
		return "", false
	}
	// What stands between the anchors is literal when quoting gives it again.
	plain, err := regexp.Compile(s[1 : len(s)-1])
	if err != nil {
		return "", false
	}
	prefix, complete := plain.LiteralPrefix()
	return prefix, complete && exactly(prefix) == s
}

func (w *lister) wholeFile(v *templates.Lines) (sheets []listing.Sheet, found int) {
	sheet := w.book.File(w.lens.Whole)
	if len(sheet.Rows) == 0 {
		v.Empty = "No function of these profiles stands in " + clip(w.lens.Whole) + ", and no source of that name was captured with them."
		return nil, 0
	}
	return []listing.Sheet{sheet}, 1
}

// ordered reads by which column's difference the lines are sorted: "difference" is
// the first, "difference-2" the second.
func (p panel) ordered() (int, error) {
	name, number, some := strings.Cut(p.lens.Order, "-")
	n := 1
	var err error
	if some {
		n, err = strconv.Atoi(number)
	}
	switch {
	case p.lens.Order == "":
		return 0, nil
	case name != "difference" || err != nil || n < 1:
		return 0, sentence(http.StatusBadRequest, "There is no order=%q: it is difference, or difference-2 for the second column of differences.", clip(p.lens.Order))
	case n >= len(p.sides):
		return 0, nil // fewer columns than when the link was made
	}
	return n, nil
}

// heads are the columns: that of the base, and each other with its difference.
func (w *lister) heads() []templates.LineColumn {
	cols := make([]templates.LineColumn, len(w.sides))
	for i, o := range w.sides {
		cols[i].Series = o.series
		if i == 0 {
			continue
		}
		cols[i].Against, cols[i].Ordered = o.series.Name+" against "+w.sides[0].series.Name, w.order == i
		if len(w.sides) > 2 {
			cols[i].Against = "against " + w.sides[0].series.Name
		}
		if w.order != i {
			cols[i].OrderURL = w.link(func(l *lens) {
				l.Order = "difference"
				if i > 1 {
					l.Order += "-" + strconv.Itoa(i)
				}
			})
		}
	}
	return cols
}

// share writes part of a whole.
func share(part, whole int64) string {
	if whole == 0 {
		return ""
	}
	return quantity.Percent(float64(part) / float64(whole))
}
