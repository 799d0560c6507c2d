package samples

import "github.com/sockscope/sockscope/templates"

func profileRow(id, title string, series int, of string) templates.ProfileRow {
	return templates.ProfileRow{
		ID: id, URL: "/profiles/" + id, Title: title, Series: series, Of: of, Comparison: "C-42", ComparisonURL: "/comparisons/C-42",
		Samples: "2 871", Ops: "348 211", Bytes: "9.4 KiB", When: "4 min ago", Exact: "22 Nov 2026 07:31:40 UTC", DownloadURL: "/profiles/" + id + ".pprof",
	}
}

// Profiles is the list.
func Profiles() templates.ProfilesPage {
	upload := profileRow("P-1", "checkout-api, before", 0, "")
	upload.Comparison, upload.ComparisonURL, upload.Ops = "", "", "unknown"
	rows := []templates.ProfileRow{profileRow("P-13", "tcp4, all rounds", 2, "server · go"), profileRow("P-12", "tcp4, all rounds", 2, "client · go"), profileRow("P-9", "unix, all rounds", 1, "client · go"), upload}
	options := []templates.Option{}
	for _, r := range rows {
		options = append(options, templates.Option{Value: r.ID, Label: r.ID + " " + r.Title + " " + r.Of})
	}
	return templates.ProfilesPage{
		Chrome: chrome("Profiles", templates.SectionProfiles), Rows: rows, Find: templates.Find{Action: "/profiles", Name: "list"}, Pager: templates.Pager{OlderURL: "/profiles?before=P-1", Text: "64 profiles"},
		Upload: templates.UploadForm{
			Action: "/profiles", File: field("profile", "File", "", ""), Title: field("title", "Title", "", ""),
			Ops: field("ops", "Operations", "", "how many ran while it was taken; unknown is fine"), Terms: []string{"It is kept in the database of this server, on bench-1.", "It stays until you delete it."},
			Commands: []templates.Command{{Label: "The same from a shell", Text: "sockscope push cpu.pprof --ops 10000"}},
		},
		Diff: templates.DiffForm{Action: "/diff", AllURL: "/diff", Base: field("base", "Base", "", "", options...), Other: field("other", "Other", "", "", options...)},
	}
}

// ProfilesEmpty is the list before the first profile, after a bad upload.
func ProfilesEmpty() templates.ProfilesPage {
	v := Profiles()
	v.Empty = "There is no profile yet: run a comparison, or upload a .pprof file."
	v.Rows, v.Pager, v.Diff.Base.Options, v.Diff.Other.Options = []templates.ProfileRow{}, templates.Pager{}, nil, nil
	v.Upload.File.Error = "notes.txt is not a profile: it starts with neither gzip's nor a protobuf's bytes. Choose a .pprof file."
	return v
}

// labels are two keys to slice by, one value of which cannot be named.
func labels(at, share string) *templates.Slices {
	return &templates.Slices{
		Summary: "endpoint, a=b", Open: true, More: "3 more keys.", ClearURL: at,
		Keys: []templates.SliceKey{
			{Key: "endpoint", More: "12 more", Values: []templates.SliceValue{
				{Text: "GET /users", Share: share, URL: at + "?label=endpoint%3DGET+%2Fusers", Current: true, Title: "812 stacks"}, {Text: "(empty)", Share: "·", URL: at + "?label=endpoint%3D"},
			}},
			{Key: "a=b", Values: []templates.SliceValue{{Text: "<b>", Share: share, Off: "a link cannot name a key that is empty or has = in it"}}},
		},
	}
}

// ChooseTwo asks for two profiles, one of which is named, after two that cannot be
// compared.
func ChooseTwo() templates.TwoPage {
	v := Profiles()
	v.Upload.Base = "P-12"
	return templates.TwoPage{
		Chrome: chrome("Compare two profiles", templates.SectionProfiles), Upload: v.Upload,
		Unlike: &templates.Unlike{Sentence: "P-12 counts cpu/nanoseconds and P-1 counts inuse_space/bytes, which cannot be compared: choose two profiles that count the same.", Sides: [2]templates.ProfileRow{v.Rows[0], v.Rows[1]}},
		Pick: templates.Pick{
			Title: "Compare P-12 with", Hint: "P-12 · tcp4, all rounds · it is the base", Rows: v.Rows[2:], Pager: v.Pager,
			Find:  templates.Find{Action: "/diff", Name: "pick", Query: "unix", ClearURL: "/diff?base=P-12", Hidden: []templates.Hidden{{Name: "base", Value: "P-12"}}},
			Types: []templates.Link{{Label: "those that count cpu", URL: "/diff?base=P-12", Current: true}, {Label: "all", URL: "/diff?base=P-12&counts=any"}},
		},
	}
}

func profile(tab int) templates.ProfilePage {
	tabs := []templates.Link{link("Flame graph", "/profiles/P-12"), link("Functions", "/profiles/P-12?tab=top"), link("Lines", "/profiles/P-12?tab=lines")}
	tabs[tab].Current = true
	a := actions("/profiles/P-12")
	a.AgainURL, a.RoundsURL = "", ""
	return templates.ProfilePage{
		Chrome: chrome("P-12", templates.SectionProfiles), ID: "P-12", Heading: templates.Rich{{Text: "tcp4", Series: 2}, {Text: ", client, all rounds"}},
		Meta: []string{"of C-42", "2 871 samples", "348 211 ops"}, Notices: []templates.Notice{},
		Facts: []templates.Fact{
			{Label: "Comparison", Value: "C-42", URL: "/comparisons/C-42"},
			{Label: "Samples", Value: "2 871"},
			{Label: "Operations", Value: "348 211"},
			{Label: "Duration", Value: "30 s"},
			{Label: "Bytes", Value: "9.4 KiB"},
			{Label: "SHA-256", Value: "9f86d081…", Title: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
		},
		Tabs: templates.Switch{Label: "View", Links: tabs}, Types: templates.Switch{Label: "Sample type", Links: []templates.Link{link("samples", "?sample_type=samples"), current("cpu", "?sample_type=cpu")}},
		Labels: labels("/profiles/P-12", "12 %"), Ops: &templates.OpsForm{Operation: "request", Action: "/profiles/P-12", Why: "Type others to correct what was said.", Known: true, Fields: []templates.Field{field("base_ops", "Operations of P-12", "348 211", "")}, KeepAction: "/profiles/ops?keep_base=P-12"},
		Actions: a, Commands: []templates.Command{{Label: "In pprof", Text: "go tool pprof http://127.0.0.1:7070/profiles/P-12.pprof"}},
	}
}

// ProfileFlame is a profile's flame graph.
func ProfileFlame() templates.ProfilePage {
	v, f := profile(0), Single()
	v.Flame = &f
	return v
}

// ProfileTop is a profile's functions.
func ProfileTop() templates.ProfilePage {
	v, t := profile(1), top(false)
	v.Top = &t
	return v
}

// ProfileLines is a profile's lines.
func ProfileLines() templates.ProfilePage {
	v, l := profile(2), Lines()
	l.Columns = []templates.LineColumn{{Series: l.Columns[1].Series}}
	for i := range l.Sheets[0].Rows {
		r := &l.Sheets[0].Rows[i]
		r.Values, r.Diffs = r.Values[1:], r.Diffs[:1]
	}
	l.Sheets[0].Totals, l.Sheets[0].Diffs = l.Sheets[0].Totals[1:], l.Sheets[0].Diffs[:1]
	v.Lines = &l
	return v
}

func difference(tab int) templates.DiffPage {
	tabs := []templates.Link{link("Flame graph", "/diff"), link("Functions", "/diff?tab=top"), link("Lines", "/diff?tab=lines")}
	tabs[tab].Current = true
	a := actions("/diff?base=P-9&other=P-12")
	a.AgainURL, a.RoundsURL, a.DeleteURL = "", "", ""
	return templates.DiffPage{
		Chrome: chrome("Difference", templates.SectionProfiles), Heading: templates.Rich{{Text: "P-12", Series: 2}, {Text: " against "}, {Text: "P-9", Series: 1}},
		Base: templates.DiffSide{ProfileRow: profileRow("P-9", "unix, all rounds", 1, "client · go"), Facts: []string{"1.71 s CPU", "171 samples", "10 000 requests"}}, Other: templates.DiffSide{ProfileRow: profileRow("P-12", "tcp4, all rounds", 2, "client · go"), Facts: []string{"3.04 s CPU, +77.8 %", "304 samples", "10 000 requests"}},
		Warnings: []string{"The profiles are of different lengths: 18 s and 30 s. Per operation this does not matter."},
		Tabs:     templates.Switch{Label: "View", Links: tabs},
		Types:    templates.Switch{Label: "Sample type", Links: []templates.Link{link("samples", "?sample_type=samples"), current("cpu", "?sample_type=cpu")}},
		Labels:   labels("/diff", "12 % → 15 %"), SwapURL: "/diff?base=P-12&other=P-9",
		Modes:   templates.Switch{Label: "Unit", Links: []templates.Link{current("per op", "?mode=per-op"), link("share", "?mode=share"), link("cores", "?mode=cores"), link("raw", "?mode=raw")}},
		Actions: a, Commands: []templates.Command{{Label: "The same difference in pprof", Text: "go tool pprof -diff_base http://127.0.0.1:7070/profiles/P-9.pprof http://127.0.0.1:7070/profiles/P-12.pprof"}},
	}
}

// DiffFlame is the flame graph of two profiles.
func DiffFlame() templates.DiffPage {
	v, f := difference(0), Difference()
	v.Flame = &f
	return v
}

// DiffTop is the functions of two profiles, one of which does not know its ops.
func DiffTop() templates.DiffPage {
	v, t := difference(1), top(true)
	v.Top = &t
	v.Ops = &templates.OpsForm{
		Operation: "operation",
		Action:    "/diff", Hidden: []templates.Hidden{{Name: "base", Value: "P-9"}, {Name: "other", Value: "P-1"}}, Why: "P-1 does not say how many operations ran while it was taken, so shares of the total are shown.",
		Fields: []templates.Field{field("base_ops", "Operations of P-9", "348 211", ""), field("other_ops", "Operations of P-1", "", "")}, KeepAction: "/profiles/ops?keep_other=P-1",
	}
	return v
}

// Shares creates a link and lists two.
func Shares() templates.SharePage {
	return templates.SharePage{
		Chrome: chrome("Share links", ""), What: heading("dial, write, read, close"), BackURL: "/comparisons/C-42", Action: "/shares", Path: "/comparisons/C-42",
		Expiry: field("expires_in_s", "The link works for", "", "", templates.Option{Value: "86400", Label: "one day"}, templates.Option{Value: "604800", Label: "one week", Selected: true}),
		Shows:  []string{"Whoever has the link sees this comparison, its rounds and its profiles.", "They can start, change and delete nothing, and see no other page."},
		Links: []templates.ShareRow{
			{ID: "S-3", Path: "/comparisons/C-42", PathURL: "/comparisons/C-42", Created: "4 min ago", Expires: "29 Nov 2026 07:31", State: templates.StateView{Tone: templates.Good, Label: "valid"}, RevokeURL: "/shares/S-3/revoke"},
			{ID: "S-2", Path: "/profiles/P-12", PathURL: "/profiles/P-12", Created: "2 days ago", Expires: "21 Nov 2026 07:31", State: templates.StateView{Tone: templates.Soft, Label: "expired"}},
		},
	}
}

// ShareCreated is right after the creation of a link.
func ShareCreated() templates.SharePage {
	v := Shares()
	v.Created = &templates.CreatedShare{
		URL: "http://127.0.0.1:7070/s/4Q7fZk2mT0yWcXv9sLr1Ng", Expires: "until 29 Nov 2026 07:31 UTC",
		Commands: []templates.Command{{Label: "In pprof", Text: "go tool pprof http://127.0.0.1:7070/s/4Q7fZk2mT0yWcXv9sLr1Ng/profiles/P-12.pprof"}},
	}
	return v
}

// Login asks for the start token, after a wrong one.
func Login() templates.LoginPage {
	c := chrome("Log in", "")
	c.MayStart = false
	return templates.LoginPage{
		Chrome: c, Why: "Starting a comparison needs the start token.", Action: "/login", Next: "/comparisons/new", Error: "This is not the start token of this server; look at the last line that it printed at its start.",
		Command: templates.Command{Label: "Lost the link? A start with a token of your own prints it again", Text: "SOCKSCOPE_TOKEN=… sockscope serve"},
	}
}

// NotFound is an error page.
func NotFound() templates.ErrorPage {
	return templates.ErrorPage{
		Chrome: chrome("Not found", ""), Code: 404, Sentence: "There is no comparison C-99.", Mend: "It may have been deleted; look for it in the list.",
		Action: link("All comparisons", "/comparisons"), Request: "8f2c1d",
	}
}
