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

	// In an open loop the latencies above count from when a request was due
	// (response time); these count from when it was sent (service time).
	ServiceMean = "service_mean_ns"
	ServiceP50  = "service_p50_ns"
	ServiceP90  = "service_p90_ns"
	ServiceP99  = "service_p99_ns"
	ServiceP999 = "service_p999_ns"
	// LateShare is the share of requests that an open loop sent more than 50 µs
	// after they were due.
	LateShare = "late_share"
	// LostShare is the share of messages that never arrived.
	LostShare = "lost_share"
	// DialsPerRequest is how many connections a request of HTTP took.
	DialsPerRequest = "dials_per_request"

	ClientUser     = "client_cpu_user_ns_per_op"
	ClientSys      = "client_cpu_sys_ns_per_op"
	ClientCPU      = "client_cpu_ns_per_op" // user + sys
	ClientSwitches = "client_ctx_switches_per_op"
	ClientReads    = "client_read_calls_per_op" // system calls; also those that found nothing
	ClientWrites   = "client_write_calls_per_op"
	ClientAllocs   = "client_allocs_per_op"

	ServerUser     = "server_cpu_user_ns_per_op"
	ServerSys      = "server_cpu_sys_ns_per_op"
	ServerCPU      = "server_cpu_ns_per_op"
	ServerSwitches = "server_ctx_switches_per_op"
	ServerReads    = "server_read_calls_per_op"
	ServerWrites   = "server_write_calls_per_op"
	ServerAllocs   = "server_allocs_per_op"

	// OnCPU is CPU time over wall time of the timing pass, of one side.
	ClientOnCPU = "client_on_cpu_share"
	ServerOnCPU = "server_on_cpu_share"
)

// Unit is what a metric is counted in.
type Unit string

// The units of metrics.
const (
	Nanoseconds  Unit = "ns"
	PerSecond    Unit = "/s"
	BytesASecond Unit = "B/s"
	PerOperation Unit = "/op"
	Portion      Unit = "1" // of 1; shown in percent
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
	{Name: ServiceP50, Label: "Service time p50", Unit: Nanoseconds},
	{Name: ServiceP90, Label: "Service time p90", Unit: Nanoseconds, Minor: true},
	{Name: ServiceP99, Label: "Service time p99", Unit: Nanoseconds},
	{Name: ServiceP999, Label: "Service time p99.9", Unit: Nanoseconds, Minor: true},
	{Name: ServiceMean, Label: "Service time mean", Unit: Nanoseconds, Minor: true},
	{Name: LateShare, Label: "Late starts", Unit: Portion},
	{Name: LostShare, Label: "Messages lost", Unit: Portion},
	{Name: DialsPerRequest, Label: "Dials per request", Unit: PerOperation, Minor: true},
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
	{Name: ClientReads, Label: "Client read calls per request", Unit: PerOperation, Minor: true},
	{Name: ClientWrites, Label: "Client write calls per request", Unit: PerOperation, Minor: true},
	{Name: ServerReads, Label: "Server read calls per request", Unit: PerOperation, Minor: true},
	{Name: ServerWrites, Label: "Server write calls per request", Unit: PerOperation, Minor: true},
	{Name: ClientOnCPU, Label: "Client on CPU", Unit: Portion, Minor: true},
	{Name: ServerOnCPU, Label: "Server on CPU", Unit: Portion, Minor: true},
}
