// Package e2e holds tests of the whole product: the built binary, real sockets
// and children, and a real browser. It has no code of its own.
//
// SOCKSCOPE_BROWSER=require makes a missing Chromium a failure instead of a skip,
// and SOCKSCOPE_FULL=1 runs the article's experiment at its full size; make test
// sets both, and runs this package while no other runs, since it measures.
package e2e
