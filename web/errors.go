package web

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/guard"
	"github.com/sockscope/sockscope/runner"
)

// fault is an error for people: one sentence that names the thing and the mend.
type fault struct {
	status   int
	sentence string
	fields   runner.FieldErrors // where a Spec was wrong
}

func (f *fault) Error() string { return f.sentence }

func sentence(status int, format string, a ...any) error {
	return &fault{status: status, sentence: fmt.Sprintf(format, a...)}
}

// faultOf is the one table from errors to statuses and sentences. Whatever it does
// not know is ours to mend: 500, and the sentence tells nothing of it.
func faultOf(err error) *fault {
	var f *fault
	var fields runner.FieldErrors
	var bad *guard.Error
	var he *echo.HTTPError
	switch {
	case errors.As(err, &f):
		return f
	case errors.As(err, &fields):
		return &fault{status: http.StatusUnprocessableEntity, sentence: fields[0].Sentence, fields: fields}
	case errors.As(err, &bad):
		return &fault{status: guardStatus[bad.Reason], sentence: bad.Sentence}
	case errors.Is(err, profiles.ErrNotFound):
		return &fault{status: http.StatusNotFound, sentence: "There is nothing at this address: it was deleted, or the link was cut short."}
	case errors.Is(err, profiles.ErrExpired):
		return &fault{status: http.StatusGone, sentence: "This share link has expired: ask whoever sent it for a new one."}
	case errors.Is(err, profiles.ErrRevoked):
		return &fault{status: http.StatusGone, sentence: "This share link was revoked by its owner: ask them for a new one."}
	case errors.Is(err, profiles.ErrFinal):
		return &fault{status: http.StatusConflict, sentence: "This comparison has ended, so it cannot be changed any more."}
	case errors.As(err, &he):
		return httpFault(he)
	}
	return &fault{status: http.StatusInternalServerError, sentence: "Something went wrong inside sockscope; its log has the reason. What was stored is safe."}
}

var guardStatus = map[guard.Reason]int{
	guard.TooLarge:   http.StatusRequestEntityTooLarge,
	guard.NotProfile: http.StatusUnsupportedMediaType,
	guard.Legacy:     http.StatusUnsupportedMediaType,
	guard.Broken:     http.StatusUnprocessableEntity,
}

func httpFault(he *echo.HTTPError) *fault {
	switch he.Code {
	case http.StatusNotFound:
		return &fault{status: he.Code, sentence: "There is no page at this address: start from the front page."}
	case http.StatusMethodNotAllowed:
		return &fault{status: he.Code, sentence: "This address does not take that kind of request."}
	case http.StatusRequestEntityTooLarge:
		return &fault{status: he.Code, sentence: "That is too large: a form takes up to 256 KiB, and a profile up to 32 MiB as a file."}
	}
	return &fault{status: he.Code, sentence: http.StatusText(he.Code) + "."}
}
