package socket_test

var children = map[string]func() int{}
