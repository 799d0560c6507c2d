package profiles

// Gauge reports whether a counter of a run is a state rather than a number of
// events: over rounds it has a mean, and a sum would mean nothing.
func Gauge(counter string) bool {
	switch counter {
	case "load_x100", "time_wait_before", "time_wait", "addresses_dialed", "local_ports", "receive_buffer_bytes":
		return true
	}
	return false
}
