package workload

import (
	"embed"

	"github.com/sockscope/sockscope/profiles/source"
)

// Sources holds the files of this package by their base names, so that listings
// of its functions work where the repository is not.
//
//go:embed *.go
var Sources embed.FS

// SourceDir is where the files of this package stood when it was compiled, under
// the name that profiles call them by.
func SourceDir() string { return source.Dir() }
