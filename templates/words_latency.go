package templates

// latencyWords say what a latency counts.
var latencyWords = []Word{
	{
		Name: "service time", Slug: "service-time", Forms: []string{"service time (closed loop)"},
		Short: "From when a request is sent until its answer is there. The next request waits for it, so a slow one delays the others without making them look slow.",
		More:  "That is right for the question “what does this socket take?”, and wrong for “what do my users feel at 1,000 requests a second?”: that is response time in an open loop.",
	},
	{
		Name: "response time", Slug: "response-time",
		Short: "From when a request was due until its answer is there, so the wait behind slow ones counts. It needs an open loop with a rate.",
		More:  "Leaving that wait out is known as coordinated omission: the p99 looks far better than what callers feel.",
	},
	{
		Name: "closed loop", Slug: "closed-loop",
		Short: "Each connection sends its next request when the answer to the one before has come. It finds the highest rate, and hides queues.",
	},
	{
		Name: "open loop", Slug: "open-loop",
		Short: "Requests are due at a fixed rate, whether or not earlier answers have come, as with independent users.",
	},
	{
		Name: "p50", Slug: "p50", Forms: []string{"Latency p50"},
		Short: "Half of the requests took this long or less: the median request.",
	},
	{
		Name: "p99", Slug: "p99", Forms: []string{"p90", "p99.9", "Latency p99", "Latency p90", "Latency p99.9"},
		Short: "99 of 100 requests took this long or less. The slow tail: pauses, timer ticks, other processes.",
		More:  "A page that makes 100 requests meets the p99 in two of three loads (1 − 0.99^100 = 63 %). p90 and p99.9 are read the same way.",
	},
	{
		Name: "HDR histogram", Slug: "hdr", Forms: []string{"HDR"},
		Short: "A count of every request by its latency, exact to 0.1 % from nanoseconds to minutes, so percentiles need no guess and rounds can be added up.",
	},
	{
		Name: "requests per second", Slug: "throughput", Forms: []string{"Requests per second"},
		Short: "How many requests were answered in a second by all connections together, in the timing pass.",
	},
}
