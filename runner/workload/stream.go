package workload

import "net"

// Stream sends messages one way over one connection, and returns how many it sent.
func Stream(conn net.Conn, message []byte, work *Work) (sent int64, err error) {
	for work.Next() {
		_, err = conn.Write(message)
		if err != nil {
			return sent, err
		}
		sent++
	}
	return sent, nil
}
