// Package echo has the servers of the article: what nc -U, nc and curl
// --unix-socket talk to.
package echo

import "github.com/spf13/cobra"

// Command is "sockscope echo".
func Command() *cobra.Command {
	return &cobra.Command{Use: "echo", Short: "An echo server to talk to with nc and curl", Args: cobra.NoArgs}
}
