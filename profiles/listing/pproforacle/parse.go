package pproforacle

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Routine is one function in one file of pprof -list.
type Routine struct {
	Function, File string
	Flat, Cum      int64
	// NoSource says that pprof did not find the file, and so printed no line.
	NoSource bool
	Lines    []Line
}

// Line is one row of a Routine.
type Line struct {
	Line, Flat, Cum int64
	Text            string
}

// Function is one row of pprof -top.
type Function struct {
	Function  string
	Flat, Cum int64
}

var (
	listHeader = regexp.MustCompile(`^ROUTINE ={24} (.*?) in (.*)$`)
	listValues = regexp.MustCompile(`^ *(\S+) +(\S+) \(flat, cum\)`)
	listRow    = regexp.MustCompile(`^ *(\S+) +(\S+) +(\d+):(.*)$`)
	topRow     = regexp.MustCompile(`^ *(\S+) +\S+% +\S+% +(\S+) +\S+%  (.*?)(?: \((?:partial-)?inline\))?$`)
	number     = regexp.MustCompile(`^(-?[0-9]+)(?:[A-Za-z*_/]*)$`)
)

// ParseList reads what pprof -list printed in exact values.
func ParseList(out []byte) ([]Routine, error) {
	var list []Routine
	for _, text := range lines(out) {
		if m := listHeader.FindStringSubmatch(text); m != nil {
			list = append(list, Routine{Function: m[1], File: m[2], Flat: -1, Cum: -1})
			continue
		}
		if len(list) == 0 {
			continue // "Total: …", and functions without a file
		}
		r := &list[len(list)-1]
		switch m := listRow.FindStringSubmatch(text); {
		case m != nil:
			l, err := row(m)
			if err != nil {
				return nil, fmt.Errorf("read pprof's line %q: %w", text, err)
			}
			r.Lines = append(r.Lines, l)
		case strings.HasPrefix(text, " Error: "):
			r.NoSource = true
		case strings.HasPrefix(text, "No source information for "):
		default:
			m := listValues.FindStringSubmatch(text)
			if m == nil {
				return nil, fmt.Errorf("read pprof's listing: do not know the line %q", text)
			}
			var err error
			if r.Flat, r.Cum, err = values(m[1], m[2]); err != nil {
				return nil, fmt.Errorf("read pprof's line %q: %w", text, err)
			}
		}
	}
	return list, nil
}

func row(m []string) (l Line, err error) {
	if l.Flat, l.Cum, err = values(m[1], m[2]); err != nil {
		return Line{}, err
	}
	l.Text = m[4]
	l.Line, err = strconv.ParseInt(m[3], 10, 64)
	return l, err
}

// ParseTop reads what pprof -top printed in exact values.
func ParseTop(out []byte) ([]Function, error) {
	list := []Function{}
	table := false
	for _, text := range lines(out) {
		if !table {
			table = strings.HasPrefix(strings.TrimSpace(text), "flat  flat%")
			continue
		}
		m := topRow.FindStringSubmatch(text)
		if m == nil {
			return nil, fmt.Errorf("read pprof's top: do not know the line %q", text)
		}
		f := Function{Function: m[3]}
		var err error
		if f.Flat, f.Cum, err = values(m[1], m[2]); err != nil {
			return nil, fmt.Errorf("read pprof's line %q: %w", text, err)
		}
		list = append(list, f)
	}
	if !table {
		return nil, fmt.Errorf("read pprof's top: no table in %.200q", out)
	}
	return list, nil
}

func lines(out []byte) []string {
	text := strings.TrimSuffix(string(out), "\n")
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

func values(flat, cum string) (f, c int64, err error) {
	if f, err = value(flat); err != nil {
		return 0, 0, err
	}
	c, err = value(cum)
	return f, c, err
}

// value reads "170000000ns", "12count", "0" and "." (which is 0). A fraction
// means that pprof scaled the value, so that it is not exact.
func value(s string) (int64, error) {
	if s == "." {
		return 0, nil
	}
	m := number.FindStringSubmatch(s)
	if m == nil {
		return 0, fmt.Errorf("%q is not an exact value", s)
	}
	return strconv.ParseInt(m[1], 10, 64)
}
