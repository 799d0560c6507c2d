// Package stats computes what the rounds of a comparison say, and how sure that
// is.
//
// The datum is the round: one fresh server process and one fresh client process
// for each cell, all cells in a random order. So everything is paired by round,
// and nothing within a run is ever counted as a repetition.
//
//   - [Median] estimates a metric of a cell: the median of its rounds with the
//     order-statistic interval that benchstat prints.
//   - [Compare] estimates a ratio to the base: the Hodges-Lehmann estimate on the
//     paired log ratios, with its 95 % interval and the exact p-value of the
//     Wilcoxon signed-rank test.
//   - [Summarize] does both for every cell and metric of a comparison, and says
//     which ratios are [CellSummary.Clear].
//   - [Adjust] keeps the p-values of many cells honest.
//   - [Sweeps] finds the cells that differ in size or in concurrency only, and
//     [Crossovers] where along them two sockets become alike or change places.
//   - [Noise] and [CountInterval] are about the other error: that of a number of
//     profile samples.
//
// Fewer than [MinRounds] rounds give estimates without an interval, which are
// indicative; [GradeOf] says what more of them carry. No function returns NaN or an infinity.
package stats
