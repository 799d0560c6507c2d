package web_test

import (
	"math"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sockscope/sockscope/profiles"
)

var (
	sumLine = regexp.MustCompile(`(?s)<p class="Waterfall-sum"[^>]*>(.*?)</p>`)
	tag     = regexp.MustCompile(`<[^>]*>`)
	signed  = regexp.MustCompile(`[+−]?\d+(?:\.\d+)?`)
)

// sums are the sentences above the waterfalls of a page.
func (a answer) sums(t *testing.T) []string {
	t.Helper()
	texts := []string{}
	for _, m := range sumLine.FindAllStringSubmatch(a.body, -1) {
		texts = append(texts, strings.Join(strings.Fields(tag.ReplaceAllString(m[1], "")), " "))
	}
	if len(texts) == 0 {
		t.Fatalf("%s has no waterfall", a.Request.URL)
	}
	return texts
}

// checkSum holds what a sentence names against what it says they add up to.
func checkSum(t *testing.T, text string) {
	t.Helper()
	_, steps, _ := strings.Cut(text, ": ")
	steps, total, ok := strings.Cut(steps, " = ")
	if !ok {
		t.Fatalf("%q has no total", text)
	}
	sum := 0.0
	for _, step := range strings.Split(steps, ", ") {
		sum += figureOf(t, step[strings.LastIndexByte(step, ' ')+1:])
	}
	if want := figureOf(t, total); math.Abs(sum-want) > 1e-9 {
		t.Errorf("%q: the steps add up to %v", text, sum)
	}
}

func figureOf(t *testing.T, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(strings.Replace(signed.FindString(strings.ReplaceAll(text, "\u202f", "")), "−", "-", 1), 64)
	if err != nil {
		t.Fatalf("%q is no figure", text)
	}
	return v
}

func TestWaterfallAddsUp(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	home := "/comparisons/" + c.ID
	for _, path := range []string{home, home + "/waterfall", home + "/waterfall?side=server", home + "/waterfall?sum=sides", home + "/waterfall?mode=raw&sum=sides", home + "/waterfall?mode=share", home + "/waterfall?function=DialEcho"} {
		for _, sum := range s.page(path).want(t, 200).sums(t) {
			checkSum(t, sum)
		}
	}
	if text := s.page(home + "/waterfall").sums(t)[0]; !strings.HasPrefix(text, "tcp4 against unix: Dial +") || !strings.Contains(text, "µs") {
		t.Errorf("the client's waterfall is %q", text)
	}
	both := s.page(home + "/waterfall?sum=sides")
	if text := both.sums(t)[0]; !strings.Contains(text, "client Dial +") || !strings.Contains(both.body, "server, line ") {
		t.Errorf("both sides' waterfall is %q", text)
	}
	for path, want := range map[string]string{
		home + "/waterfall?sum=sides&mode=share": "do not add up",
		home + "/waterfall?function=(":           "not a regular expression",
		home + "/waterfall?function=nosuch":      "No sample is left",
		home + "/waterfall?focus=nosuch":         "No sample is left",
	} {
		if a := s.page(path).want(t, 200); !strings.Contains(a.body, want) || strings.Contains(a.body, "Waterfall-sum") {
			t.Errorf("%s does not say %q", path, want)
		}
	}
	share, _ := s.share(home)
	s.page(share+"/waterfall?sum=sides").want(t, 200).sums(t)
}

func TestWaterfallOfTwoProfiles(t *testing.T) {
	t.Parallel()
	s := setup(t)
	a, b := s.upload(encode(t, client(t, "unix", 5)), ""), s.upload(encode(t, client(t, "tcp4", 5)), "")
	path := "/diff?" + url.Values{"base": {a}, "other": {b}, "tab": {"waterfall"}}.Encode()
	for _, more := range []string{"", "&mode=raw", "&base_ops=1000&other_ops=1100", "&base_ops=1000&other_ops=1000&function=DialEcho", "&sample_type=samples&mode=raw"} {
		for _, sum := range s.page(path+more).want(t, 200).sums(t) {
			checkSum(t, sum)
		}
	}
	c := s.done("")
	pair := url.Values{"base": {s.merged(c, 0, profiles.Client).ID}, "other": {s.merged(c, 2, profiles.Client).ID}, "tab": {"waterfall"}}
	if text := s.page("/diff?"+pair.Encode()).want(t, 200).sums(t)[0]; !strings.Contains(text, "Dial +") {
		t.Errorf("the waterfall of two runs' profiles is %q", text)
	}
	if one := s.page("/profiles/"+a+"?tab=waterfall").want(t, 200); strings.Contains(one.body, "Waterfall") {
		t.Error("a profile alone has a waterfall")
	}
}
