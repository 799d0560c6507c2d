package templates_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"github.com/sockscope/sockscope/templates"
	"github.com/sockscope/sockscope/templates/samples"
)

const (
	hostileText = `</title></svg><script>alert(1)</script><img src=x onerror=alert(1)>" onmouseover="alert(1)" x='`
	hostileURL  = `javascript:alert(1)`
)

// poison puts hostile text into every string below v, and an address that runs
// code into those that are addresses. What v points to is copied first: samples
// share some of it with one another, and so with other tests.
func poison(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			own := reflect.New(v.Type().Elem())
			own.Elem().Set(v.Elem())
			v.Set(own)
			poison(v.Elem(), name)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.Name != "Assets" {
				poison(v.Field(i), f.Name)
			}
		}
	case reflect.Slice:
		if v.Len() > 0 {
			own := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(own, v)
			v.Set(own)
		}
		for i := range v.Len() {
			poison(v.Index(i), name)
		}
	case reflect.String:
		if strings.HasSuffix(name, "URL") || name == "Action" {
			v.SetString(hostileURL)
		} else {
			v.SetString(hostileText)
		}
	}
}

// poisoned draws a sample with all its strings replaced.
func poisoned[V any](view func() V, draw func(V) templ.Component) templ.Component {
	v := view()
	poison(reflect.ValueOf(&v).Elem(), "")
	return draw(v)
}

func TestHostileViews(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]templ.Component{
		"start":              poisoned(samples.Start, templates.Start),
		"start-stranger":     poisoned(samples.StartStranger, templates.Start),
		"comparisons":        poisoned(samples.Comparisons, templates.Comparisons),
		"form":               poisoned(samples.FormWrong, templates.NewComparison),
		"comparison-running": poisoned(samples.Running, templates.Comparison),
		"comparison-failed":  poisoned(samples.Failed, templates.Comparison),
		"comparison-done":    poisoned(samples.Done, templates.Comparison),
		"comparison-many":    poisoned(samples.Many, templates.Comparison),
		"comparison-shared":  poisoned(samples.Shared, templates.Comparison),
		"rounds":             poisoned(samples.Rounds, templates.Rounds),
		"lines":              poisoned(samples.LinesFull, templates.LinesFull),
		"flame":              poisoned(samples.FlameSearch, templates.FlameFull),
		"flame-zoomed":       poisoned(samples.FlameZoomed, templates.FlameFull),
		"flame-empty":        poisoned(samples.FlameEmpty, templates.FlameFull),
		"profiles":           poisoned(samples.Profiles, templates.Profiles),
		"profiles-empty":     poisoned(samples.ProfilesEmpty, templates.Profiles),
		"profile-flame":      poisoned(samples.ProfileFlame, templates.Profile),
		"profile-top":        poisoned(samples.ProfileTop, templates.Profile),
		"diff-top":           poisoned(samples.DiffTop, templates.Diff),
		"diff-choose":        poisoned(samples.ChooseTwo, templates.ChooseTwo),
		"form-checked":       poisoned(samples.FormChecked, templates.NewComparison),
		"hosts":              poisoned(samples.Hosts, templates.Hosts),
		"access":             poisoned(samples.Access, templates.Access),
		"beside":             poisoned(samples.Beside, templates.Beside),
		"shares":             poisoned(samples.ShareCreated, templates.Shares),
		"login":              poisoned(samples.Login, templates.Login),
		"error":              poisoned(samples.NotFound, templates.Error),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all := elements(t, render(t, page))
			safe(t, all)
			shown := false
			for _, n := range all {
				if n.Data == "img" {
					t.Error("text became an <img>")
				}
				shown = shown || n.Data == "main" && strings.Contains(text(n), "<script>alert(1)</script>")
			}
			if !shown {
				t.Error("the hostile text is not shown as text, so nothing was tested")
			}
		})
	}
}
