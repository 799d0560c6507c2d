package workload

import "net"

// ServeStream takes in a stream until the client closes it, and answers where the
// receiver says so: with a report at the end of a pass, and with credit where
// there are no connections.
func ServeStream(conn net.Conn, receiver *Receiver) {
	buffer := receiver.buffer
	for {
		n, err := conn.Read(buffer)
		if err != nil {
			if receiver.Ends(err) {
				break
			}
			continue
		}
		reply := receiver.Add(buffer[:n])
		if reply == nil {
			continue
		}
		_, err = conn.Write(reply)
		if err != nil {
			break
		}
	}
	conn.Close()
}
