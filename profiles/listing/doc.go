// Package listing says what each source line and each function of a profile
// costs, in exactly the numbers of go tool pprof.
//
//  1. A profile is decoded by package guard; nothing here opens a file.
//  2. [Build] gives the rows of pprof -list, [Top] those of pprof -top,
//     and [Diff] makes the profile that pprof's -diff_base reports on.
//  3. [Book.Sheet] puts one function of several profiles side by side, with what
//     each line calls; [Breakdown] splits a profile by the lines of one
//     function so that the parts sum to the whole.
//
// Values are int64 in the sample type's own unit and are never scaled: what an
// operation costs is the caller's division, at display.
//
// A frame is one line of a location: a call that the compiler inlined is a frame
// of its own, below its caller. flat is the value of the samples whose innermost
// frame it is; cum that of all samples which hold it, once a sample.
//
// Profiles are read, never changed, so one profile may serve many calls at once.
//
// Note: pprof also turns mangled C++ and Rust symbols into readable names; here
// they stay as the profile has them. Go has none.
package listing
