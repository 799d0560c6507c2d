package web

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"
)

//go:embed openapi.yaml
var openapi []byte

func (s *Server) apiDescription(c echo.Context) error {
	return c.Blob(http.StatusOK, "application/yaml", openapi)
}
