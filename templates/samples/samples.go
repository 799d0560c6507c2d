// Package samples holds canned views of every page in every state that looks
// different, for the tests of package templates and for a gallery to look at.
// The figures are those of a real comparison of unix and tcp, rounded.
package samples

import (
	"github.com/a-h/templ"

	"github.com/sockscope/sockscope/templates"
)

// Sample is a page in a state.
type Sample struct {
	Name string // of a file: "comparison-done"
	Page templ.Component
}

// All lists every sample.
func All() []Sample {
	return []Sample{
		{"start", templates.Start(Start())},
		{"start-empty", templates.Start(StartEmpty())},
		{"start-stranger", templates.Start(StartStranger())},
		{"comparisons", templates.Comparisons(Comparisons())},
		{"comparisons-empty", templates.Comparisons(ComparisonsEmpty())},
		{"form", templates.NewComparison(Form())},
		{"form-wrong", templates.NewComparison(FormWrong())},
		{"form-checked", templates.NewComparison(FormChecked())},
		{"comparison-queued", templates.Comparison(Queued())},
		{"comparison-running", templates.Comparison(Running())},
		{"comparison-interrupted", templates.Comparison(Interrupted())},
		{"comparison-failed", templates.Comparison(Failed())},
		{"comparison-canceled", templates.Comparison(Canceled())},
		{"comparison-done", templates.Comparison(Done())},
		{"comparison-unclear", templates.Comparison(NoDifference())},
		{"comparison-many", templates.Comparison(Many())},
		{"comparison-sweep", templates.Comparison(Sweep())},
		{"comparison-hosts", templates.Comparison(TwoHosts())},
		{"comparison-shared", templates.Comparison(Shared())},
		{"rounds", templates.Rounds(Rounds())},
		{"lines", templates.LinesFull(LinesFull())},
		{"lines-empty", templates.LinesFull(LinesEmpty())},
		{"top", templates.TopFull(TopFull())},
		{"waterfall", templates.WaterfallFull(WaterfallFull())},
		{"waterfall-empty", templates.WaterfallFull(WaterfallEmpty())},
		{"flame", templates.FlameFull(FlameDifference())},
		{"flame-single", templates.FlameFull(FlameSingle())},
		{"flame-zoomed", templates.FlameFull(FlameZoomed())},
		{"flame-search", templates.FlameFull(FlameSearch())},
		{"flame-pair", templates.FlameFull(FlamePair())},
		{"flame-layers", templates.FlameFull(FlameLayers())},
		{"flame-filtered", templates.FlameFull(FlameFiltered())},
		{"flame-empty", templates.FlameFull(FlameEmpty())},
		{"profiles", templates.Profiles(Profiles())},
		{"profiles-empty", templates.Profiles(ProfilesEmpty())},
		{"profile-flame", templates.Profile(ProfileFlame())},
		{"profile-top", templates.Profile(ProfileTop())},
		{"profile-lines", templates.Profile(ProfileLines())},
		{"diff-flame", templates.Diff(DiffFlame())},
		{"diff-top", templates.Diff(DiffTop())},
		{"diff-choose", templates.ChooseTwo(ChooseTwo())},
		{"hosts", templates.Hosts(Hosts())},
		{"choose", templates.Choose(Choose())},
		{"choose-wrong", templates.Choose(ChooseWrong())},
		{"choose-unmeasured", templates.Choose(ChooseUnmeasured())},
		{"access", templates.Access(Access())},
		{"access-untried", templates.Access(AccessUntried())},
		{"beside", templates.Beside(Beside())},
		{"beside-choice", templates.Beside(BesideChoice())},
		{"shares", templates.Shares(Shares())},
		{"share-created", templates.Shares(ShareCreated())},
		{"glossary", templates.Glossary(templates.GlossaryPage{Chrome: chrome("Glossary", "")})},
		{"login", templates.Login(Login())},
		{"error", templates.Error(NotFound())},
	}
}

func chrome(title string, section templates.Section) templates.Chrome {
	return templates.Chrome{
		Title: title, Section: section, MayStart: true, LoginURL: "/login", Version: "1.0.0",
		Assets: templates.Assets{CSS: "/assets/app.css", JS: "/assets/app.js", Icon: "/assets/icon.svg"},
		Status: templates.Status{Tone: templates.Good, Text: "idle · this host is ready", URL: "/hosts"},
	}
}

func busy(c templates.Chrome) templates.Chrome {
	c.Status = templates.Status{Tone: templates.Busy, Text: "1 running · 0 queued", URL: "/comparisons"}
	return c
}

var (
	unix = templates.Series{Name: "unix", Series: 1}
	tcp  = templates.Series{Name: "tcp4", Series: 2}
	aa   = templates.Series{Name: "unix A/A", Series: 1, Hollow: true, Title: "the base measured a second time: its difference from the base is noise"}
)

func heading(workload string) templates.Rich {
	return templates.Rich{
		{Text: "unix", Series: 1}, {Text: " vs "}, {Text: "tcp4", Series: 2}, {Text: " — " + workload},
	}
}

func link(label, url string) templates.Link { return templates.Link{Label: label, URL: url} }

func current(label, url string) templates.Link {
	return templates.Link{Label: label, URL: url, Current: true}
}
