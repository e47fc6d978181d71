package pacc

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Matches reports whether one of the texts of the DNS name is the digest of the file.
func Matches(body []byte, texts []string) bool {
	sum := sha256.Sum256(body)
	for _, text := range texts {
		if d, err := ParseTXT(text); err == nil && bytes.Equal(d, sum[:]) {
			return true
		}
	}
	return false
}

// ErrNotUAAC is returned for the text of another record.
var ErrNotUAAC = errors.New("not a v=UAAC1 record with a SHA-256 digest")

// ParseTXT returns the 32 octets of digest that a record holds.
func ParseTXT(text string) ([]byte, error) {
	tags := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		key, value, _ := strings.Cut(part, "=")
		tags[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	sum, err := base64.StdEncoding.DecodeString(tags["d"])
	if tags["v"] != "UAAC1" || !strings.EqualFold(tags["a"], "sha256") || err != nil || len(sum) != sha256.Size {
		return nil, ErrNotUAAC
	}
	return sum, nil
}

// Decode reads a file; keys that it does not know are ignored.
func Decode(src []byte) (*Config, error) {
	if len(src) > MaxSize {
		return nil, fmt.Errorf("pacc: the file has %d bytes; at most %d are read", len(src), MaxSize)
	}
	var c Config
	dec := json.NewDecoder(bytes.NewReader(src))
	if err := dec.Decode(&c); err != nil {
		return nil, fmt.Errorf("pacc: %w", err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("pacc: trailing data after the document")
	}
	if c.Protocols == (Protocols{}) {
		return nil, errors.New("pacc: the file has no protocols")
	}
	return &c, nil
}
