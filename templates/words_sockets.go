package templates

// socketWords are about the sockets themselves.
var socketWords = []Word{
	{
		Name: "TIME_WAIT", Slug: "time-wait",
		Short: "The end of a TCP connection that closed first is remembered for a minute, with its port. Many short connections can use the ports up. Unix sockets have no such state.",
		More:  "On loopback current kernels use such a port again after a second (tcp_tw_reuse), and a dial takes longer when half of the range is in use.",
	},
	{
		Name: "backlog", Slug: "backlog",
		Short: "How many connections may wait to be accepted. When it is full, a dial over unix fails at once (EAGAIN); over TCP the SYN is dropped and sent again after a second.",
	},
	{
		Name: "loopback", Slug: "loopback",
		Short: "TCP within one machine (127.0.0.1, ::1). No wire, but the whole of TCP: segments, acknowledgements, timers.",
	},
	{
		Name: "unix-abstract", Slug: "unix-abstract",
		Short: "A unix socket with a name that is not a file. It is gone with its process, and file permissions do not protect it.",
	},
	{
		Name: "unixpacket", Slug: "unixpacket",
		Short: "A unix socket that keeps the borders of messages, in order and without loss (SOCK_SEQPACKET).",
	},
	{
		Name: "socketpair", Slug: "socketpair",
		Short: "Two connected ends made at once and inherited by the two processes. There is no address and no dial.",
	},
	{
		Name: "vsock", Slug: "vsock",
		Short: "Sockets between a virtual machine and its host.",
	},
	{
		Name: "SO_LINGER 0", Slug: "linger",
		Short: "A close that resets the connection: no TIME_WAIT, and data on its way may be lost. It is measured as a variant.",
	},
	{
		Name: "Nagle", Slug: "nagle", Forms: []string{"TCP_NODELAY"},
		Short: "TCP waits a moment to send small messages together. Go turns that off (TCP_NODELAY); it can be measured as a variant.",
	},
	{
		Name: "lost", Common: true, Slug: "lost",
		Short: "Messages of a datagram socket that never arrived. They are counted, and never sent again in silence.",
	},
}
