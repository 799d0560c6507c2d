package templates

// statisticsWords say what a figure can carry.
var statisticsWords = []Word{
	{
		Name: "CI", Slug: "ci", Forms: []string{"95 % CI", "95 % interval", "confidence interval"},
		Short: "95 % confidence interval: experiments like this one give an interval that holds the true value 95 times out of 100. Narrow is certain; one that includes 1× may be no difference at all.",
		More:  "Of a median it is the interval between two order statistics of the rounds, of a ratio it is the Hodges-Lehmann interval of the rounds’ paired log ratios. Neither assumes a normal distribution. Both need at least 6 rounds.",
	},
	{
		Name: "p", Common: true, Slug: "p", Forms: []string{"p =", "p <", "p-value"},
		Short: "How often chance alone would show a difference at least this large between two sockets that are in truth alike. 0.03 is 3 times in 100.",
		More:  "The exact Wilcoxon signed-rank test over the rounds. With 6 rounds it cannot fall below 0.031, however large the difference is. It is not the probability that the difference is real.",
	},
	{
		Name: "Holm-adjusted p", Slug: "holm", Forms: []string{"adjusted p", "Holm", "Westfall-Young"},
		Short: "p made larger because many cells were compared at once: of twenty cells that are alike, one falls below 5 % by chance.",
		More:  "The smallest p is multiplied by the number of cells, the next by one less, and so on (Holm). Where so few rounds could never pass that, the signs of whole rounds are flipped jointly instead (Westfall-Young). Which of the two is used depends on the plan, never on the data.",
	},
	{
		Name: "ratio", Common: true, Slug: "ratio", Forms: []string{"ratio to the base", "Hodges-Lehmann"},
		Short: "The other divided by the base, round by round: 2.1× takes 2.1 times as long. The base is 1.",
		More:  "It is the Hodges-Lehmann estimate: the median of all pairwise means of the rounds’ log ratios. One spoiled round hardly moves it.",
	},
	{
		Name: "median", Common: true, Slug: "median",
		Short: "The middle one of the rounds’ values: half of them are larger. A single bad round does not move it, as it would move a mean.",
	},
	{
		Name: "no difference shown", Slug: "no-difference", Forms: []string{"≈", "no difference", "within noise"},
		Short: "The difference is not clear of chance: its interval includes none, or the base differs from itself by as much. It is no proof that the two are equal.",
	},
	{
		Name: "indicative", Slug: "indicative", Forms: []string{"a quick look"},
		Short: "Too few rounds to publish: fewer than 6 give no interval at all, fewer than 10 only find large differences.",
	},
	{
		Name: "sampling noise", Slug: "sampling-noise", Forms: []string{"sampling error", "within sampling noise", "beyond sampling noise"},
		Short: "A CPU profile is a count of samples, and a count has an error: 25 samples are good to ±41 %, 100 to ±20 %, 400 to ±10 %. What rests on fewer than 25 is grey.",
		More:  "The errors are 95 % intervals of a Poisson count. A difference between two lines is coloured only when it is larger than what both counts can explain; otherwise it is grey, with ≈.",
	},
	{
		Name: "±", Common: true, Slug: "plus-minus",
		Short: "How far the true value may lie from the figure, in percent: half the width of its 95 % interval. In the table of metrics it comes from the rounds, at a line or a box from its number of samples.",
	},
	{
		Name: "n/a", Slug: "na",
		Short: "Does not apply, or cannot be measured on this host. The reason stands beside it. It is never counted as 0.",
	},
	{
		Name: "noisy", Common: true, Slug: "noisy",
		Short: "While this run was measured others used its CPUs, or the machine was slowed down, beyond the limits. It is kept and counted, and told.",
	},
}
