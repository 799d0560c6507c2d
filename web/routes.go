package web

import (
	"net/http"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/sockscope/sockscope/web/assets"
)

// Limits of what is sent to the server.
const (
	bodyLimit   = "256KiB" // forms and JSON
	uploadLimit = "84MiB"  // two profiles of guard's wire limit, their sources, and the form around them
)

// routes are addresses below a prefix with what stands before their handlers. An
// echo.Group would stand before every unknown address too.
type routes struct {
	echo   *echo.Echo
	prefix string
	before []echo.MiddlewareFunc // the outermost first
}

// GET answers HEAD too; the server leaves the body out.
func (r routes) GET(path string, h echo.HandlerFunc) {
	r.echo.Match([]string{http.MethodGet, http.MethodHead}, r.prefix+path, h, r.before...)
}

func (r routes) POST(path string, h echo.HandlerFunc) {
	r.echo.POST(r.prefix+path, h, r.before...)
}

func (r routes) DELETE(path string, h echo.HandlerFunc) {
	r.echo.DELETE(r.prefix+path, h, r.before...)
}

// routes is every address there is, in page order.
func (s *Server) routes(e *echo.Echo) {
	e.Pre(headers, s.Hosts.guard)
	e.Use(middleware.Recover(), sameOrigin)
	always := routes{e, "", nil}
	always.GET(assets.Prefix+"*", echo.WrapHandler(assets.Handler()))
	always.GET("/healthz", s.health)
	always.GET("/robots.txt", func(c echo.Context) error { return c.String(http.StatusOK, "User-agent: *\nDisallow: /\n") })

	small := middleware.BodyLimit(bodyLimit)
	open := routes{e, "", []echo.MiddlewareFunc{s.Key.signIn, small}}
	open.GET("/login", s.login)
	open.POST("/login", s.loginPost)

	read := routes{e, "", []echo.MiddlewareFunc{s.Key.signIn, small, s.reading}}
	read.GET("/", s.start)
	read.GET("/comparisons", s.comparisons)
	read.GET("/comparisons/new", s.newComparison)
	read.GET("/comparisons/beside", s.besideChosen)
	read.GET("/comparisons/:id", saved(s.comparison, s.singleComparison)) // and {id}.html
	read.GET("/comparisons/:id/lines", s.lines)
	read.GET("/comparisons/:id/flame", s.flame)
	read.GET("/comparisons/:id/top", s.top)
	read.GET("/comparisons/:id/waterfall", s.waterfall)
	read.GET("/comparisons/:id/flame.svg", s.comparisonFlameSVG)
	read.GET("/comparisons/:id/waterfall.svg", s.comparisonWaterfallSVG)
	read.GET("/comparisons/:id/charts/:chart", s.chartSVG)
	read.GET("/comparisons/:id/rounds", s.rounds)
	read.GET("/comparisons/:id/beside", s.beside)
	read.GET("/comparisons/:id/profiles.zip", s.archiveOfProfiles)
	read.GET("/profiles", s.profiles)
	read.GET("/profiles/:id", saved(s.profile, s.singleProfile)) // and {id}.pprof, .html
	read.GET("/diff", s.diff)
	read.GET("/diff.html", s.singleDiff)
	read.GET("/choose", s.choose)
	read.GET("/diff/flame.svg", s.diffFlameSVG)
	read.GET("/diff/waterfall.svg", s.diffWaterfallSVG)
	read.GET("/profiles/:id/flame.svg", s.profileFlameSVG)
	read.GET("/hosts", s.hosts)
	read.GET("/access", s.access)
	read.GET("/glossary", s.glossary)

	write := routes{e, "", []echo.MiddlewareFunc{small, s.Key.needed}}
	write.POST("/comparisons", s.createComparison)
	write.POST("/access", s.tryAccess)
	write.POST("/comparisons/:id/cancel", s.cancelComparison)
	write.POST("/comparisons/:id/delete", s.deleteComparison)
	write.POST("/profiles/ops", s.keepOps)
	write.POST("/profiles/:id/delete", s.deleteProfile)
	write.GET("/shares", s.shares)
	write.POST("/shares", s.createShare)
	write.POST("/shares/:id/revoke", s.revokeShare)
	e.POST("/profiles", s.uploaded, middleware.BodyLimit(uploadLimit), s.Key.needed)

	share := routes{e, "/s/:token", []echo.MiddlewareFunc{small, s.throughShare}}
	share.GET("", s.sharedPage)
	share.GET("/page", s.sharedWhole)
	share.GET("/page.html", s.sharedSingle)
	share.GET("/glossary", s.glossary)
	share.GET("/lines", s.sharedOnly("/comparisons/", s.lines))
	share.GET("/flame", s.sharedOnly("/comparisons/", s.flame))
	share.GET("/top", s.sharedOnly("/comparisons/", s.top))
	share.GET("/waterfall", s.sharedOnly("/comparisons/", s.waterfall))
	share.GET("/picture.png", s.sharedPicture)
	share.GET("/embed/:part", s.embed)
	share.GET("/flame.svg", s.sharedFlameSVG)
	share.GET("/waterfall.svg", s.sharedOnly("/comparisons/", s.comparisonWaterfallSVG))
	share.GET("/charts/:chart", s.sharedOnly("/comparisons/", s.chartSVG))
	share.GET("/profiles/:profile/flame.svg", s.profileFlameSVG)
	share.GET("/rounds", s.sharedOnly("/comparisons/", s.rounds))
	share.GET("/events", s.sharedOnly("/comparisons/", s.events))
	share.GET("/profiles.zip", s.sharedOnly("/comparisons/", s.archiveOfProfiles))
	share.GET("/diff", s.diff)
	share.GET("/diff.html", s.singleDiff)
	share.GET("/diff/flame.svg", s.diffFlameSVG)
	share.GET("/diff/waterfall.svg", s.diffWaterfallSVG)
	share.GET("/profiles/:profile", s.profile)
	share.GET("/:profile", s.sharedProfileFile)

	always.GET("/api/v1/openapi.yaml", s.apiDescription)
	s.apiReads(routes{e, "/api/v1", []echo.MiddlewareFunc{small, s.reading}})
	s.apiWrites(routes{e, "/api/v1", []echo.MiddlewareFunc{small, s.Key.needed}})
	e.POST("/api/v1/profiles", s.apiUpload, middleware.BodyLimit(uploadLimit), s.Key.needed)
}

func (s *Server) apiReads(g routes) {
	g.GET("/comparisons", s.apiComparisons)
	g.GET("/comparisons/:id", saved(s.apiComparison, s.singleComparison)) // and {id}.json, .csv, .bench, .md, .html
	g.GET("/comparisons/:id/events", s.events)
	g.GET("/profiles/:id", s.apiProfile)
	g.GET("/profiles/:id/top", s.apiTop)
	g.GET("/profiles/:id/lines", s.apiLines)
	g.GET("/diff", s.apiDiff)
	g.GET("/diff/lines", s.apiDiffLines)
}

func (s *Server) apiWrites(g routes) {
	g.POST("/comparisons", s.apiCreateComparison)
	g.POST("/comparisons/:id/cancel", s.apiCancelComparison)
	g.DELETE("/comparisons/:id", s.apiDeleteComparison)
	g.DELETE("/profiles/:id", s.apiDeleteProfile)
	g.POST("/shares", s.apiCreateShare)
	g.DELETE("/shares/:id", s.apiRevokeShare)
}

// health is for whoever watches the server: it answers as long as the database does.
func (s *Server) health(c echo.Context) error {
	if err := s.Archive.Ping(c.Request().Context()); err != nil {
		s.Log.ErrorContext(c.Request().Context(), "the database does not answer", "err", err)
		return c.String(http.StatusServiceUnavailable, "the database does not answer\n")
	}
	return c.String(http.StatusOK, "ok\n")
}

// reading lets through who may read: everybody who reaches this address, or with
// --private only who holds the start token.
func (s *Server) reading(next echo.HandlerFunc) echo.HandlerFunc {
	if s.Private {
		return s.Key.needed(next)
	}
	return next
}

// sharedOnly answers when what is shared stands under the prefix.
func (s *Server) sharedOnly(prefix string, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if sh := sharedOf(c); sh == nil || len(sh.root) <= len(prefix) || sh.root[:len(prefix)] != prefix {
			return echo.ErrNotFound
		}
		return next(c)
	}
}
