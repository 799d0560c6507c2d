package child

// closeOnExec does nothing: files cannot be passed to a child on this system.
func closeOnExec(int) {}
