package templates

// measuringWords say how a comparison is made.
var measuringWords = []Word{
	{
		Name: "cell", Common: true, Slug: "cell",
		Short: "One point of a comparison: a socket with its variant, message size, number of connections, placement and host.",
		More:  "A cell that cannot be measured (no dial on a socketpair, no vsock on this host) is shown as n/a with the reason, never as 0.",
	},
	{
		Name: "round", Common: true, Slug: "round", Forms: []string{"interleaved rounds", "complete rounds"},
		Short: "Every cell once, in a fresh random order, each with fresh processes. Statistics count rounds, not requests.",
		More:  "Requests of one run share a process, its caches and the mood of the machine, so ten thousand of them are not ten thousand independent measurements. A round is one. From 6 rounds on there is an interval, 10 are usual, 20 are worth publishing.",
	},
	{
		Name: "run", Common: true, Slug: "run",
		Short: "One cell in one round: a server process and a client process, a pass that is timed and a pass that is profiled.",
	},
	{
		Name: "profiled pass", Slug: "profiled-pass", Forms: []string{"profiling effect"},
		Short: "The second half of a run, with the CPU profiler on. Lines and flames come from it; published latency comes from the timing pass before it.",
		More:  "The ratio of the two mean latencies is shown for each run as the profiling effect: 1.03× says that the profiler made requests 3 % longer.",
	},
	{
		Name: "base", Common: true, Slug: "base",
		Short: "What the others are compared with, usually unix. A difference is always other minus base.",
	},
	{
		Name: "A/A", Slug: "aa", Forms: []string{"A/A noise", "A/A interval"},
		Short: "The base measured a second time, as if it were another socket. It can differ from itself only by noise, so it shows how small a difference can be believed.",
		More:  "Where unix against unix gives 0.95 – 1.07, a difference of 5 % between two sockets says nothing. A verdict asks for more than an interval that is clear of 1: the difference must be clear of the A/A interval as well.",
	},
	{
		Name: "placement", Common: true, Slug: "placement", Forms: []string{"placement split", "placement same", "placement free"},
		Short: "Which CPUs the two processes may use. split: each its own half of the CPUs. same: both on one CPU. free: wherever the kernel puts them.",
		More:  "On free the kernel moves the processes while they are measured, which is honest and very noisy; split repeats best and is the default. The placement changes the answer, so it is part of the cell and is never hidden.",
	},
	{
		Name: "GOMAXPROCS", Slug: "gomaxprocs",
		Short: "How many threads may run Go code at the same time in one process. With placement split it is the number of CPUs of the process’s half.",
	},
	{
		Name: "per request", Slug: "per-request", Forms: []string{"per op", "per message", "CPU per request", "CPU per operation"},
		Short: "The profile’s total divided by the requests that were made while it was taken. So two profiles of different lengths can be laid side by side.",
		More:  "share divides by the profile’s own total instead, cores by its duration (1.0 is one CPU kept busy), and raw divides by nothing and equals go tool pprof exactly. normalized scales the other profile of a difference to the total of its base.",
	},
	{
		Name: "share of the total", Common: true, Slug: "share",
		Short: "The value as a part of its profile’s total. A share can fall although nothing became cheaper: something else grew.",
	},
	{
		Name: "cores", Common: true, Slug: "cores",
		Short: "CPU time divided by the duration of the profile: 1.0 is one CPU kept busy all the time.",
	},
	{
		Name: "raw", Common: true, Slug: "raw",
		Short: "The sums of the samples, divided by nothing: exactly what go tool pprof shows.",
	},
}
