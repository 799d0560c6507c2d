package workload

import (
	"errors"
	"io"
)

// DialEcho opens one connection a request: dial, write, read the echo, close.
// A request's latency is that of all four.
func DialEcho(dialer Dialer, message []byte, work *Work, latencies *Latencies) error {
	reply := make([]byte, len(message))
	latencies.Start()
	for work.Next() {
		conn, err := dialer.Dial()
		if err != nil {
			return err
		}
		_, err = conn.Write(message)
		if err != nil {
			return errors.Join(err, conn.Close())
		}
		_, err = io.ReadFull(conn, reply)
		if err != nil {
			err = errors.Join(err, conn.Close())
			if errors.Is(err, errLost) {
				latencies.Skip()
				continue
			}
			return err
		}
		err = conn.Close()
		if err != nil {
			return err
		}
		latencies.Lap()
	}
	return nil
}
