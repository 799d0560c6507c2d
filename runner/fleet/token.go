package fleet

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// TokenFile is the file within the data directory that keeps the workers' token.
const TokenFile = "worker-token"

// ReadToken reads a token from a file; what is its purpose, for the sentence when
// it cannot be.
func ReadToken(file, what string) (string, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read the %s: %w", what, err)
	}
	t := strings.TrimSpace(string(raw))
	return t, CheckToken(t, what, file)
}

// CheckToken says in a sentence what is wrong with a token that came from a file or
// a variable.
func CheckToken(t, what, from string) error {
	if len(t) < 16 || strings.ContainsFunc(t, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fmt.Errorf("the %s of %s is shorter than 16 characters or has odd ones: use 16 or more letters and digits", what, from)
	}
	return nil
}

// workerToken is the token that workers have to know, and the file that holds it:
// the one that is named, else one that is kept in the data directory, made at the
// first need.
func workerToken(named, data string) (token, file string, err error) {
	const what = "workers' token"
	if named != "" {
		token, err = ReadToken(named, what)
		return token, named, err
	}
	file = filepath.Join(data, TokenFile)
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		token, err = ReadToken(file, what)
		return token, file, err
	}
	if err != nil {
		return "", "", fmt.Errorf("keep the %s: %w", what, err)
	}
	token = rand.Text()
	_, err = f.WriteString(token + "\n")
	if err = errors.Join(err, f.Close()); err != nil {
		return "", "", fmt.Errorf("keep the %s in %s: %w", what, file, errors.Join(err, os.Remove(file)))
	}
	return token, file, nil
}
