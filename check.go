package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/sockscope/sockscope/profiles/quantity"
	"github.com/sockscope/sockscope/profiles/store"
)

// faultsFound is the outcome of a check that found some, see [exitFault].
type faultsFound struct {
	what   string // that was checked
	faults int
}

func (f *faultsFound) Error() string {
	return fmt.Sprintf("%s has %s, see above: restore a backup, or delete the comparisons and profiles that are named.",
		f.what, quantity.Plural(int64(f.faults), "fault", "faults"))
}

// dataFlag is the same for whoever opens the database.
func dataFlag(c *cobra.Command, to *string) {
	c.Flags().StringVar(to, "data", environment("SOCKSCOPE_DATA", defaultData()), "directory of the database")
}

func checkCommand() *cobra.Command {
	var data string
	var readData bool
	c := &cobra.Command{
		Use:   "check",
		Short: "Check the database: its file, its references, and with --read-data every stored byte",
		Long: "Check the database of a data directory, also beside a server that uses it: nothing is changed.\n" +
			"Each fault is one line; the exit code is 0 without any, 1 with some, and 2 when it could not be checked.",
		Example: "  sockscope check\n" +
			"  sockscope check --data /srv/sockscope --read-data",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			r, err := store.Inspect(c.Context(), data, readData)
			if err != nil {
				return err
			}
			return report(c.OutOrStdout(), "Checked", data, r, readData)
		},
	}
	dataFlag(c, &data)
	c.Flags().BoolVar(&readData, "read-data", false, "read every blob too, and compare it with its SHA-256")
	return c
}

func backupCommand() *cobra.Command {
	var data string
	c := &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the database to a new file, and check the copy",
		Long: "Copy the database of a data directory to one new file, also beside a server that uses it, and check the copy with all its data.\n" +
			"To restore it, copy the file into an empty directory as " + store.FileName + " and name that with --data.",
		Example: "  sockscope backup /mnt/backup/sockscope.db\n" +
			"  mkdir restored && cp /mnt/backup/sockscope.db restored/" + store.FileName + " && sockscope serve --data restored",
		Args: oneFile,
		RunE: func(c *cobra.Command, files []string) error {
			r, err := store.Backup(c.Context(), data, files[0])
			if err != nil {
				return err
			}
			return report(c.OutOrStdout(), "Copied to", files[0], r, true)
		},
	}
	dataFlag(c, &data)
	return c
}

func oneFile(_ *cobra.Command, files []string) error {
	if len(files) != 1 || files[0] == "" {
		return fmt.Errorf("backup needs one file to write, and got %d: sockscope backup FILE", len(files))
	}
	return nil
}

// report prints a line for each fault, and one for all that was checked.
func report(w io.Writer, did, what string, r store.Report, readData bool) error {
	for _, p := range r.Problems {
		fmt.Fprintln(w, p)
	}
	read := "their bytes were not read (--read-data does that)"
	if readData {
		read = "every byte of them was read"
	}
	faults := "no fault"
	if len(r.Problems) > 0 {
		faults = quantity.Plural(int64(len(r.Problems)), "fault", "faults")
	}
	_, err := fmt.Fprintf(w, "%s %s: %s, %s, %s, %s and %s of %s, %s: %s.\n", did, what,
		quantity.Plural(int64(r.Comparisons), "comparison", "comparisons"), quantity.Plural(int64(r.Runs), "run", "runs"),
		quantity.Plural(int64(r.Profiles), "profile", "profiles"), quantity.Plural(int64(r.Shares), "share", "shares"),
		quantity.Plural(int64(r.Blobs), "blob", "blobs"), quantity.Bytes(r.Bytes), read, faults)
	if err != nil {
		return err
	}
	if len(r.Problems) > 0 {
		return &faultsFound{what, len(r.Problems)}
	}
	return nil
}
