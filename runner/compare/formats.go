package compare

import (
	"encoding/json"
	"fmt"
	"io"

	"github.com/sockscope/sockscope/profiles/export"
)

// format writes outcomes. Those of several workloads follow each other, in JSON as
// an array, also when only one of them came to its end.
type format func(w io.Writer, outcomes []*Outcome, several bool) error

// formats that the results can be written in.
func formats() map[string]format {
	return map[string]format{
		"text": each((*export.Report).Text), "csv": each((*export.Report).CSV),
		"bench": each((*export.Report).Bench), "markdown": each((*export.Report).Markdown),
		"json": writeJSON, "hdr": writeHDR,
	}
}

// each writes one report after the other with an empty line between them.
func each(write func(*export.Report, io.Writer) error) format {
	return func(w io.Writer, outcomes []*Outcome, _ bool) error {
		for i, o := range outcomes {
			if i > 0 {
				if _, err := fmt.Fprintln(w); err != nil {
					return err
				}
			}
			if err := write(&o.Report, w); err != nil {
				return err
			}
		}
		return nil
	}
}

func writeJSON(w io.Writer, outcomes []*Outcome, several bool) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	if !several {
		return enc.Encode(outcomes[0].Document())
	}
	documents := make([]export.Comparison, len(outcomes))
	for i, o := range outcomes {
		documents[i] = o.Document()
	}
	return enc.Encode(documents)
}

func writeHDR(w io.Writer, outcomes []*Outcome, _ bool) error {
	var all []export.Histogram
	for _, o := range outcomes {
		all = append(all, o.Histograms...)
	}
	return export.HDRLog(w, all)
}
