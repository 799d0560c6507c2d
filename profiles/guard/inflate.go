package guard

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
)

// deflateRatio is the most that deflate can shrink: 258 bytes in 2 bits.
const deflateRatio = 1032

// inflate returns b without its gzip, and b itself when it has none.
func inflate(b []byte, l Limits) ([]byte, error) {
	if len(b) < 2 || b[0] != 0x1f || b[1] != 0x8b {
		if int64(len(b)) > l.Inflated {
			return nil, inflatesBeyond(l)
		}
		return b, nil
	}
	r := bytes.NewReader(b)
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, badGzip(err)
	}
	var out bytes.Buffer
	out.Grow(expected(b, l) + bytes.MinRead)
	for member := 1; ; member++ {
		if member > l.Members {
			return nil, refuse(Broken, "The file is more than %d gzip streams one after another; send one profile.", l.Members)
		}
		z.Multistream(false)
		left := l.Inflated - int64(out.Len())
		n, err := io.Copy(&out, io.LimitReader(z, left+1))
		if err != nil {
			return nil, badGzip(err)
		}
		if n > left {
			return nil, inflatesBeyond(l)
		}
		err = z.Reset(r)
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, badGzip(err)
		}
	}
}

// expected is the size that the end of a gzip stream claims, as far as it can
// be true. It only sizes the first allocation.
func expected(b []byte, l Limits) int {
	if len(b) < 18 {
		return 0
	}
	claim := int64(binary.LittleEndian.Uint32(b[len(b)-4:]))
	return int(min(claim, l.Inflated+1, int64(len(b))*deflateRatio))
}

func inflatesBeyond(l Limits) *Error {
	return refuse(TooLarge, "The profile is larger than %s when inflated; record for a shorter time.", size(l.Inflated))
}

func badGzip(cause error) *Error {
	e := refuse(Broken, "The gzip stream of the profile ends before its end or is damaged; copy or record it again.")
	e.cause = cause
	return e
}
