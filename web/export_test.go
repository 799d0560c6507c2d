package web

// What tests outside the package look at from inside.
var (
	OwnPath  = ownPath
	MaskPath = maskPath
	// ShortName is what a label has of a name.
	ShortName = shortName
)

const MaxStreams = maxStreams
