package access

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"
)

// Command is "sockscope access".
func Command() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "access",
		Short: "Try who can connect to which socket, and what the server learns of the client",
		Long: `Opens each kind of socket, connects to it as the same user, as another one and
from another network namespace, and says what happened. The rows of others need
root: sudo sockscope access.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if format != "text" && format != "json" {
				return fmt.Errorf("the format %q is not known: use text or json", format)
			}
			rows, err := Try(c.Context(), Options{})
			if err != nil {
				return err
			}
			if format == "json" {
				e := json.NewEncoder(c.OutOrStdout())
				e.SetIndent("", "  ")
				return e.Encode(rows)
			}
			return Print(c.OutOrStdout(), rows)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json")
	return c
}

// Print writes the rows as a table of text.
func Print(w io.Writer, rows []Row) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SOCKET\tSETTING\tWHO\tCONNECTS\tTHE SERVER SEES\tWHAT HAPPENED")
	for _, r := range rows {
		connects, what := "no", r.Sentence
		switch {
		case r.Skipped != "":
			connects, what = "?", "Skipped: "+r.Skipped
		case r.Connected:
			connects = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", r.Socket, r.Setting, r.Who, connects, r.Peer, what)
	}
	return t.Flush()
}
