package compare

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Save writes the profiles as <socket>.<client|server>.<kind>.pprof, with the
// whole cell in the name where the socket alone does not tell, and result.json,
// into dir, which is made when it is absent.
func (o *Outcome) Save(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the directory of --out: %w", err)
	}
	names := map[string]int{}
	for _, c := range o.Comparison.Cells {
		if !c.AA {
			names[c.Name()]++
		}
	}
	for _, e := range o.Merged {
		c := o.Comparison.Cells[e.Cell]
		name := c.Slug()
		plain := c
		plain.AA = false
		if names[plain.Name()] == 1 {
			name = strings.NewReplacer(" A/A", "-aa", " ", "-").Replace(c.Name())
		}
		file := filepath.Join(dir, fmt.Sprintf("%s.%s.%s.pprof", name, e.Side, e.Kind))
		if err := os.WriteFile(file, e.Data, 0o644); err != nil {
			return fmt.Errorf("write a profile: %w", err)
		}
	}
	raw, err := json.MarshalIndent(o.Document(), "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "result.json"), append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}
