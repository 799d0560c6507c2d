package stats_test

import (
	"fmt"

	"github.com/sockscope/sockscope/profiles/stats"
)

func ExampleCompare() {
	unix := []float64{81.2, 83.0, 80.1, 84.4, 82.3, 81.9, 80.8, 85.1, 82.0, 81.1}
	tcp := []float64{171.3, 176.9, 168.0, 177.2, 174.1, 172.2, 169.5, 180.3, 171.8, 170.6}
	r := stats.Compare(unix, tcp)
	fmt.Printf("%.2f, 95 %% interval %.2f to %.2f, p = %.3f from %d rounds\n", r.Estimate, r.Low, r.High, r.P, r.N)
	// Output:
	// 2.11, 95 % interval 2.10 to 2.12, p = 0.002 from 10 rounds
}
