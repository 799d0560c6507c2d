package echo

import (
	"errors"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

// Command is "sockscope echo".
func Command() *cobra.Command {
	var o Options
	var path string
	c := &cobra.Command{
		Use:   "echo",
		Short: "An echo server to talk to with nc and curl, and an HTTP client for any socket",
		Example: `  sockscope echo                                   echo Hello | nc -U /tmp/echo.sock
  sockscope echo --http --address /tmp/http.sock   curl -s --unix-socket /tmp/http.sock http://localhost/
  sockscope echo --network tcp --address :8000     echo Hello | nc 127.0.0.1 8000
  sockscope echo --get / --address /tmp/http.sock  asks the server of the second line`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if !c.Flags().Changed("get") {
				// A closed terminal must not leave the file behind either.
				ctx, stop := signal.NotifyContext(c.Context(), syscall.SIGHUP)
				defer stop()
				return Serve(ctx, o, c.OutOrStdout())
			}
			if o.Replace || o.Keep || o.Mode != "" {
				return errors.New("--get asks a server that runs: --mode, --replace and --keep are for starting one")
			}
			return Get(c.Context(), o, path, c.OutOrStdout())
		},
	}
	f := c.Flags()
	f.StringVar(&o.Network, "network", "unix", strings.Join(Networks[:], ", "))
	f.StringVar(&o.Address, "address", "", "path, @name for an abstract name, or host:port (default "+defaultPath+" or "+defaultPort+")")
	f.BoolVar(&o.HTTP, "http", false, "serve HTTP: hello to GET, the body back to POST")
	f.StringVar(&o.Mode, "mode", "", "mode of the socket file, in octal: who may connect (default 0600)")
	f.BoolVar(&o.Replace, "replace", false, "take the place of a socket file of yours that no server listens to any more")
	f.BoolVar(&o.Keep, "keep", false, "answer every message until the client closes, not just the first")
	f.StringVar(&path, "get", "", "be the client: GET this path over the socket and print the answer")
	return c
}
