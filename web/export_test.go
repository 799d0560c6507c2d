package web

// What tests outside the package look at from inside.
var (
	OwnPath  = ownPath
	MaskPath = maskPath
)

const MaxStreams = maxStreams
