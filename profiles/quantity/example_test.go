package quantity_test

import (
	"fmt"

	"github.com/sockscope/sockscope/profiles"
	"github.com/sockscope/sockscope/profiles/quantity"
)

func ExampleRow() {
	fmt.Println(quantity.Row(profiles.Nanoseconds, 81_230, 171_004))
	fmt.Println(quantity.Change(171_004.0/81_230), quantity.Times(171_004.0/81_230))
	// Output:
	// [81.2 µs 171.0 µs]
	// +110.5 % 2.1×
}
