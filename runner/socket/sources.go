package socket

import "embed"

// Sources holds the files of this package by their base names, so that listings
// of its functions work where the repository is not.
//
//go:embed *.go
var Sources embed.FS
