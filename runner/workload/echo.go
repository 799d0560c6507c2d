package workload

import (
	"errors"
	"io"
	"net"
)

// Echo sends every request over one connection: write, read the echo.
func Echo(conn net.Conn, message []byte, work *Work, latencies *Latencies) error {
	reply := make([]byte, len(message))
	latencies.Start()
	for work.Next() {
		_, err := conn.Write(message)
		if err != nil {
			return err
		}
		_, err = io.ReadFull(conn, reply)
		if err != nil {
			if errors.Is(err, errLost) {
				latencies.Skip()
				continue
			}
			return err
		}
		latencies.Lap()
	}
	return nil
}
