package web

import (
	"fmt"
	"slices"

	"github.com/sockscope/sockscope/templates"
)

// columns are the cells that stand side by side: those that the lens names in its
// order, else the whole group where it is small, else a pair.
func (r *report) columns(group []int, l lens, own bool) ([]int, error) {
	switch {
	case len(l.Cells) > 0:
		return r.named(l)
	case l.Socket != "" && own:
		return r.single(l, l.Socket)
	case len(group) > maxColumns || l.far():
		return r.pair(group, l)
	}
	return group, nil
}

// named finds the cells that the lens names, each once.
func (r *report) named(l lens) ([]int, error) {
	cells := []int{}
	for _, address := range l.Cells {
		i, err := r.find(l.Group, address)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(cells, i) {
			cells = append(cells, i)
		}
	}
	return cells, nil
}

// cellChooser asks which of all measured cells stand side by side; nil where there
// is nothing to choose.
func (r *report) cellChooser(shown []int, p panel) *templates.CellChooser {
	v := &templates.CellChooser{Action: p.path, Hidden: p.hidden("cell", "base", "other", "socket", "order"), Groups: []templates.ChoiceGroup{}}
	if p.anchor != "" {
		v.Action += "#" + p.anchor
	}
	all := 0
	for _, set := range r.sets {
		g := templates.ChoiceGroup{Label: r.where(r.Comparison.Cells[set[0]]), Options: []templates.ChoiceOption{}}
		for _, i := range set {
			g.Options = append(g.Options, templates.ChoiceOption{
				Value: r.address(i, p.lens.Group), Label: r.series(i).Name, Detail: g.Label, Current: slices.Contains(shown, i),
			})
			all++
		}
		v.Groups = append(v.Groups, g)
	}
	if all < 2 {
		return nil
	}
	v.Summary = fmt.Sprintf("Side by side: %d of %d cells", len(shown), all)
	return v
}
