package templates

// profileWords say how profiles, listings and flame graphs are read.
var profileWords = []Word{
	{
		Name: "sample", Common: true, Slug: "sample",
		Short: "One look of the profiler at a running thread, with the whole stack of calls. Go takes 100 of them in a second of CPU time, so each stands for 10 ms.",
		More:  "A profile that goes down into the kernel takes 997 in a second, so each stands for 1 ms. The number is odd on purpose: it does not march in step with timers.",
	},
	{
		Name: "flat", Slug: "flat",
		Short: "Spent in this function or line itself, not in what it calls.",
		More:  "The word of go tool pprof; a flame graph calls it self.",
	},
	{
		Name: "cum", Slug: "cum", Forms: []string{"cumulative"},
		Short: "Spent here and in everything that is called from here. Cums of a caller and its callee count the same time twice: never add them up.",
		More:  "Short for cumulative. Where a function calls itself, go tool pprof counts the same sample again for each line of the recursion; the true total is shown beside it then.",
	},
	{
		Name: "self", Common: true, Slug: "self",
		Short: "Spent in this frame itself: its total without its children. The same as flat.",
	},
	{
		Name: "total", Common: true, Slug: "total", Forms: []string{"true total"},
		Short: "Spent in this frame and in all that it calls: the width of its box. Each sample counts once, also where a function calls itself.",
	},
	{
		Name: "frame", Common: true, Slug: "frame",
		Short: "A function in a stack of calls: one box of the flame graph.",
	},
	{
		Name: "flame graph", Slug: "flame-graph", Forms: []string{"Flame graph"},
		Short: "Every box is a function, below it stands what it calls, and its width is the CPU time. Left and right have no meaning: it is no time line.",
	},
	{
		Name: "icicle", Slug: "icicle",
		Short: "A flame graph that grows downwards: callers above, callees below.",
	},
	{
		Name: "sandwich", Slug: "sandwich", Forms: []string{"pivot"},
		Short: "One function in the middle, wherever it is called: all of its callers above it, all that it calls below.",
	},
	{
		Name: "callees", Slug: "callees", Forms: []string{"callee"},
		Short: "The functions that a line or a function calls. Callers are the other way round.",
	},
	{
		Name: "inlined", Slug: "inlined",
		Short: "The compiler put this function’s code into its caller, so there was no call. Profiles still know it as a frame of its own.",
	},
	{
		Name: "difference", Common: true, Slug: "difference", Forms: []string{"delta"},
		Short: "Other minus base. Orange: more CPU per request over the other. Blue: less. Grey: not beyond sampling noise.",
		More:  "Both trees are laid over each other, so that what exists on one side only keeps its box: hatched where it is gone, dotted where it is new.",
	},
	{
		Name: "gone", Common: true, Slug: "gone",
		Short: "In the base’s profile and not in the other’s. Hatched. Few samples can be missed by chance; those are grey.",
	},
	{
		Name: "focus", Common: true, Slug: "focus", Forms: []string{"show from"},
		Short: "Filters as in pprof. focus keeps the stacks that match, ignore drops them, hide takes matching frames out of all stacks, show from cuts off what is above the match.",
	},
	{
		Name: "waterfall", Slug: "waterfall",
		Short: "The difference of two totals, line by line, until it adds up.",
	},
	{
		Name: "sample type", Slug: "sample-type",
		Short: "What a profile counts: CPU time, bytes in use, objects allocated, time spent waiting. A profile can carry several.",
	},
	{
		Name: "ops", Common: true, Slug: "ops",
		Short: "How many requests were made while the profile was taken. Profiles of sockscope know it; for others it must be told, and is never guessed.",
	},
}
