package web

import (
	"net/url"
	"testing"
)

func TestLookOf(t *testing.T) {
	t.Parallel()
	l, wrong := lookOf(url.Values{"focus": {"dial"}, "hide": {"("}, "label": {"mode=kernel=x"}})
	if l.Focus == nil || l.Hide != nil || l.Ignore != nil || l.Key != "mode" || l.Value != "kernel=x" {
		t.Errorf("%+v", l)
	}
	if len(wrong) != 1 || wrong["hide"] == "" {
		t.Errorf("wrong: %v", wrong)
	}
	if l.key != "?focus=dial&label=mode%3Dkernel%3Dx" {
		t.Errorf("key %q", l.key)
	}
	if l, wrong := lookOf(url.Values{"label": {"=x"}}); !l.Whole() || l.key != "" || wrong["label"] == "" {
		t.Errorf("%+v, %v", l, wrong)
	}
}
