package token

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
)

// platforms have one bit-saving number each; their order is part of the format.
var platforms = []string{"", "macos", "ios", "windows", "android", "linux", "web"}

// A Reply is what a reply link says. It holds nothing about the customer.
type Reply struct {
	Article  int    // the article's permanent id, at least 1
	Lang     string // up to 11 bytes of a language tag, or "" for the reader's choice
	Platform string // as in article front matter, or ""
	Nonce    uint64 // what the reply is counted by; never 0
}

// NewNonce returns a number for one reply. The top bit is never set, so that a
// database can keep it as a signed number.
func NewNonce() uint64 {
	var b [8]byte
	for {
		rand.Read(b[:])
		if n := binary.BigEndian.Uint64(b[:]) >> 1; n != 0 {
			return n
		}
	}
}

// Reply returns the token of a reply link: about 34 characters.
func (r *Keyring) Reply(p Reply) (string, error) {
	platform := slices.Index(platforms, p.Platform)
	switch {
	case p.Article < 1 || p.Article > math.MaxInt32:
		return "", fmt.Errorf("the article id %d is out of range", p.Article)
	case platform < 0:
		return "", fmt.Errorf("unknown platform %q", p.Platform)
	case len(p.Lang) > 11 || !isTag(p.Lang):
		return "", fmt.Errorf("%q is no language tag", p.Lang)
	case p.Nonce == 0 || p.Nonce > math.MaxInt64:
		return "", errors.New("the nonce is out of range")
	}
	k := &r.keys[0]
	body := []byte{version, k.id, byte(platform<<4 | len(p.Lang))}
	body = append(body, p.Lang...)
	body = binary.BigEndian.AppendUint64(body, p.Nonce)
	body = binary.AppendUvarint(body, uint64(p.Article))
	return b64.EncodeToString(append(body, k.mac("reply", body, replyMAC)...)), nil
}

// replyMAC bytes make forging a link, which gains a visit to an article and a
// wrong count, hopeless while links stay short.
const replyMAC = 10

// ReadReply reads the token of a reply link. Such links never expire.
func (r *Keyring) ReadReply(token string) (Reply, error) {
	raw, k, err := r.open(token, 3+8+1+replyMAC)
	if err != nil {
		return Reply{}, err
	}
	body, sum := raw[:len(raw)-replyMAC], raw[len(raw)-replyMAC:]
	if !hmac.Equal(sum, k.mac("reply", body, replyMAC)) {
		return Reply{}, ErrInvalid
	}
	platform, n := int(body[2]>>4), int(body[2]&15)
	rest := body[3:]
	if platform >= len(platforms) || len(rest) < n+8+1 {
		return Reply{}, ErrInvalid
	}
	p := Reply{Platform: platforms[platform], Lang: string(rest[:n]), Nonce: binary.BigEndian.Uint64(rest[n:])}
	id, used := binary.Uvarint(rest[n+8:])
	if used != len(rest)-n-8 || id < 1 || id > math.MaxInt32 || p.Nonce == 0 || p.Nonce > math.MaxInt64 || !isTag(p.Lang) {
		return Reply{}, ErrInvalid
	}
	p.Article = int(id)
	return p, nil
}

func isTag(s string) bool {
	for _, c := range []byte(s) {
		if (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
