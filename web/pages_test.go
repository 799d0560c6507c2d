package web_test

import (
	"testing"
	"net/http"
)

func TestPages(t *testing.T) {
	t.Parallel()
	s := setup(t)
	c := s.done("")
	for _, p := range []string{"/", "/comparisons", "/comparisons/" + c.ID, "/comparisons/"+c.ID+"/lines", "/comparisons/"+c.ID+"/flame", "/profiles", "/hosts"} {
		a := s.page(p)
		a.want(t, http.StatusOK)
		t.Log(p, len(a.body))
	}
}
