package workload

import (
	"io"
	"net/http"
	"strconv"
	"sync"
)

// ServeRequest answers one HTTP request with its body. Each buffer is a *[]byte as
// long as a message.
func ServeRequest(w http.ResponseWriter, r *http.Request, buffers *sync.Pool, tally *Tally) {
	buffer := buffers.Get().(*[]byte)
	message := *buffer
	if r.ContentLength != int64(len(message)) {
		http.Error(w, "this server echoes messages of another length", http.StatusBadRequest)
		return
	}
	_, err := io.ReadFull(r.Body, message)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(message)))
	_, err = w.Write(message)
	if err == nil {
		tally.Echoed()
	}
	buffers.Put(buffer)
}
