package tree_test

import (
	"fmt"

	"github.com/sockscope/sockscope/profiles/tree"
	"github.com/sockscope/sockscope/profiles/tree/treetest"
)

func ExampleUnion() {
	unix := treetest.Folded("main.main;net.Dial 2\nmain.main;net.(*conn).Read 3")
	tcp := treetest.Folded("main.main;net.Dial 6\nmain.main;net.(*conn).Read 4")
	t := tree.Union(unix, tcp, 0, 0)
	for i := range t.Len() {
		fmt.Println(t.Depth(i), t.Name(i), t.Total(tree.Base, i), t.Total(tree.Other, i))
	}
	// Output:
	// 0 all samples 5 10
	// 1 main.main 5 10
	// 2 net.(*conn).Read 3 4
	// 2 net.Dial 2 6
}

func ExampleTree_Pivot() {
	t := tree.Build(treetest.Folded("main;serve;read;wait 2\nmain;poll;read 1\nmain;poll 5"), 0)
	callers, callees := t.Pivot("read")
	for _, t := range []*tree.Tree{callers, callees} {
		for i := range t.Len() {
			fmt.Println(t.Depth(i), t.Name(i), t.Total(tree.Base, i))
		}
	}
	// Output:
	// 0 all samples 3
	// 1 read 3
	// 2 poll 1
	// 3 main 1
	// 2 serve 2
	// 3 main 2
	// 0 all samples 3
	// 1 read 3
	// 2 wait 2
}
