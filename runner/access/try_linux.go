package access

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/sockscope/sockscope/runner"
)

// within is how long the tries of one client may take in all.
const within = 2 * time.Second

func try(ctx context.Context, o Options) ([]Row, error) {
	dir, err := os.MkdirTemp(o.Base, "access-")
	if err != nil {
		return nil, fmt.Errorf("make a directory: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o755); err != nil { // the others have to reach the files
		return nil, fmt.Errorf("open the directory to others: %w", err)
	}
	servers, err := openServers(dir, rand.Text())
	if err != nil {
		return nil, err
	}
	defer servers.close()
	whos := []string{SameUser, AnotherUser, OtherNamespace}
	outcomes := make([]outcome, len(whos))
	var clients sync.WaitGroup
	for i, who := range whos {
		clients.Go(func() { outcomes[i] = connectAs(ctx, who, servers) })
	}
	clients.Wait()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, o := range outcomes {
		servers.receive(o.results)
	}
	return rowsOf(func(i int, s setting, who string) Row {
		all := outcomes[slices.Index(whos, who)]
		if all.skipped != "" {
			return Row{Skipped: all.skipped}
		}
		return row(s, who, all.results[i], servers.peer(i, who))
	}), nil
}

// row puts a result into words.
func row(s setting, who string, r result, peer string) Row {
	switch {
	case r.Connected && peer == "":
		return Row{Sentence: "The client says that it connected, and the server saw nobody."}
	case r.Connected:
		return Row{Connected: true, Sentence: connected(s, who), Peer: peer}
	}
	sentence := "Refused: " + r.Error
	if s.hint != "" {
		sentence += ": " + s.hint
	}
	return Row{Sentence: sentence + "."}
}

func connected(s setting, who string) string {
	switch {
	case s.socket == runner.SocketPair:
		return "It talks over the end that it was handed. Nobody asks who it is: the kernel names whoever made the pair."
	case s.socket == runner.UnixGram:
		return "The datagram arrived."
	case who == OtherNamespace:
		return "Connected: a file leads through namespaces to the same socket."
	case s.file.dir != 0 && s.file.mode&0o200 == 0 && os.Geteuid() == 0 && who == SameUser:
		return "Connected, although the mode lets nobody in: root ignores file modes."
	}
	return "Connected: one byte went there and back."
}

// outcome is what one client did: a result for each setting, or the reason why it
// could not be started.
type outcome struct {
	results []result
	skipped string
}
