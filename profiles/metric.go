package profiles

// Metric names are keys of [Run.Metrics], of the API and of the exports.
const (
	RequestsPerSecond = "requests_per_second"
	BytesPerSecond    = "bytes_per_second"

	LatencyMean = "latency_mean_ns"
	LatencyP50  = "latency_p50_ns"
	LatencyP90  = "latency_p90_ns"
	LatencyP99  = "latency_p99_ns"
	LatencyP999 = "latency_p999_ns"

	ClientUser     = "client_cpu_user_ns_per_op"
	ClientSys      = "client_cpu_sys_ns_per_op"
	ClientCPU      = "client_cpu_ns_per_op" // user + sys
	ClientSwitches = "client_ctx_switches_per_op"
	ClientAllocs   = "client_allocs_per_op"

	ServerUser     = "server_cpu_user_ns_per_op"
	ServerSys      = "server_cpu_sys_ns_per_op"
	ServerCPU      = "server_cpu_ns_per_op"
	ServerSwitches = "server_ctx_switches_per_op"
	ServerAllocs   = "server_allocs_per_op"
)

// Unit is what a metric is counted in.
type Unit string

// The units of metrics.
const (
	Nanoseconds  Unit = "ns"
	PerSecond    Unit = "/s"
	BytesASecond Unit = "B/s"
	PerOperation Unit = "/op"
)

// Metric describes one of the metric names for people.
type Metric struct {
	Name  string
	Label string // "Latency p50"
	Unit  Unit
	// MoreIsBetter is true for rates; for all others less is better.
	MoreIsBetter bool
	// Minor metrics are shown on request, not in the first table.
	Minor bool
}

// Metrics lists every metric in the order in which pages and exports show them.
var Metrics = [...]Metric{
	{Name: RequestsPerSecond, Label: "Requests per second", Unit: PerSecond, MoreIsBetter: true},
	{Name: BytesPerSecond, Label: "Bytes per second", Unit: BytesASecond, MoreIsBetter: true},
	{Name: LatencyP50, Label: "Latency p50", Unit: Nanoseconds},
	{Name: LatencyP90, Label: "Latency p90", Unit: Nanoseconds, Minor: true},
	{Name: LatencyP99, Label: "Latency p99", Unit: Nanoseconds},
	{Name: LatencyP999, Label: "Latency p99.9", Unit: Nanoseconds, Minor: true},
	{Name: LatencyMean, Label: "Latency mean", Unit: Nanoseconds, Minor: true},
	{Name: ClientCPU, Label: "Client CPU per request", Unit: Nanoseconds},
	{Name: ClientUser, Label: "Client user CPU per request", Unit: Nanoseconds, Minor: true},
	{Name: ClientSys, Label: "Client system CPU per request", Unit: Nanoseconds, Minor: true},
	{Name: ServerCPU, Label: "Server CPU per request", Unit: Nanoseconds},
	{Name: ServerUser, Label: "Server user CPU per request", Unit: Nanoseconds, Minor: true},
	{Name: ServerSys, Label: "Server system CPU per request", Unit: Nanoseconds, Minor: true},
	{Name: ClientAllocs, Label: "Client allocations per request", Unit: PerOperation},
	{Name: ServerAllocs, Label: "Server allocations per request", Unit: PerOperation, Minor: true},
	{Name: ClientSwitches, Label: "Client context switches per request", Unit: PerOperation},
	{Name: ServerSwitches, Label: "Server context switches per request", Unit: PerOperation, Minor: true},
}
