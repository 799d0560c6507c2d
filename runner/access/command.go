package access

import "github.com/spf13/cobra"

// Command is "sockscope access".
func Command() *cobra.Command {
	return &cobra.Command{Use: "access", Short: "Try who can connect to which socket", Args: cobra.NoArgs}
}
