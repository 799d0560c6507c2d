package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/templates"
)

// glossary explains the words of the pages.
func (s *Server) glossary(c echo.Context) error {
	return render(c, http.StatusOK, templates.Glossary(templates.GlossaryPage{Chrome: s.chrome(c, "", "Glossary")}))
}

// glossary is where a page's words are explained.
func (s scope) glossary() string {
	if s.shared != nil {
		return s.shared.home + "/glossary"
	}
	return "/glossary"
}
