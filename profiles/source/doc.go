// Package source keeps the source files that a profile names, so that a listing
// can show their text wherever and whenever it is looked at.
//
//  1. The worker that ran a benchmark calls [Capture] for the profiles of its
//     own children. Each file comes from an [Origin] that the worker vouches for:
//     the sources in this binary ([Embedded]) or the standard library ([Goroot]).
//  2. The [Bundle] travels and is stored encoded: [Bundle.Encode], [Decode].
//  3. A page opens it and hands it to package listing, which asks for Lines.
//
// A profile can name any file. No file is ever opened because a profile names
// it: an origin maps a name to one of its own files or has none, and profiles
// that somebody uploads are never captured for on the server, they bring their own
// Bundle: [Local] makes it on the machine of whoever sends them.
package source
