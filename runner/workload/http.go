package workload

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// HTTP posts every message and reads its echo to the end, over whatever
// connections the client keeps or dials.
func HTTP(client *http.Client, url string, message []byte, work *Work, latencies *Latencies) error {
	reply := make([]byte, len(message)+1) // a body that fits leaves room, so it is read to its end
	latencies.Start()
	for work.Next() {
		response, err := client.Post(url, "application/octet-stream", bytes.NewReader(message))
		if err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK || response.ContentLength != int64(len(message)) {
			return errors.Join(unexpected(response), response.Body.Close())
		}
		n, err := io.ReadFull(response.Body, reply)
		if n != len(message) || err != io.ErrUnexpectedEOF {
			return errors.Join(err, response.Body.Close())
		}
		err = response.Body.Close()
		if err != nil {
			return err
		}
		latencies.Lap()
	}
	return nil
}

func unexpected(r *http.Response) error {
	return fmt.Errorf("the server answered %q with %d bytes, which is not the echo; another program may answer on this address", r.Status, r.ContentLength)
}
