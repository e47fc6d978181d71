// Package link makes and reads the tokens in Signpost's own URLs: signed reply
// links (/r/TOKEN/SLUG), sealed set-up links (/p/TOKEN), and signed
// confirmations of subscriptions.
//
// [Open] loads the [Keyring]; [Keyring.Reply], [Keyring.Seal] and
// [Keyring.Sign] make tokens, and [Keyring.ReadReply], [Keyring.Unseal] and
// [Keyring.Verify] read them without a database.
//
// Guarantees: tokens are URL-safe base64 without padding (RFC 4648, section
// 5); each names its version and its key, so that keys can be changed while
// old links go on working; each purpose has its own key (HKDF-SHA-256, RFC
// 5869), so that a token never passes for one of another purpose; comparisons
// take constant time; [ErrInvalid] does not tell why.
package token

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"signpost/internal/durable"
)

// Errors of the readers of tokens.
var (
	ErrInvalid = errors.New("this link is damaged or was not made here")
	ErrExpired = errors.New("this link has expired")
)

// MaxToken is the length of the longest token that is looked at.
const MaxToken = 4096

// A key is one secret with its number.
type key struct {
	id     byte
	secret []byte // at least 32 bytes
}

// A Keyring holds one or more secrets. The first one makes tokens; all of them
// read tokens. It is safe for concurrent use.
type Keyring struct {
	keys []key
}

// New makes a key ring with one fresh key, number 1.
func New() *Keyring {
	secret := make([]byte, 32)
	rand.Read(secret)
	return &Keyring{[]key{{1, secret}}}
}

// Parse reads a key ring: one key per line, "NUMBER SECRET", the number from 1
// to 255 and the secret at least 32 bytes in base64 (any alphabet). Empty lines
// and those that begin with "#" are skipped. The first key makes tokens. To
// change keys, put a new line with a new number on top; remove the old line when
// its links may die. All replicas of a site share one ring.
func Parse(text string) (*Keyring, error) {
	ring := &Keyring{}
	for n, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		fail := func(what string) error { return fmt.Errorf("line %d of the key ring: %s", n+1, what) }
		number, encoded, ok := strings.Cut(line, " ")
		id, err := strconv.ParseUint(number, 10, 8)
		if !ok || err != nil || id == 0 {
			return nil, fail("expected a number from 1 to 255, a space and a secret in base64")
		}
		if ring.find(byte(id)) != nil {
			return nil, fail(fmt.Sprintf("the key number %d is there twice; give the new key a new number", id))
		}
		encoded = strings.NewReplacer("-", "+", "_", "/", "=", "").Replace(strings.TrimSpace(encoded))
		secret, err := base64.RawStdEncoding.DecodeString(encoded)
		if err != nil {
			return nil, fail("the secret is not base64")
		}
		if len(secret) < 32 {
			return nil, fail(fmt.Sprintf("the secret has %d bytes, at least 32 are needed (openssl rand -base64 32 prints some)", len(secret)))
		}
		ring.keys = append(ring.keys, key{byte(id), secret})
	}
	if len(ring.keys) == 0 {
		return nil, errors.New("the key ring holds no key; remove the file to have one made")
	}
	return ring, nil
}

// String returns the form that [Parse] reads. It holds the secrets.
func (r *Keyring) String() string {
	var b strings.Builder
	b.WriteString("# Signpost's keys. The first one makes links, all of them read links. Keep this file secret.\n")
	for _, k := range r.keys {
		fmt.Fprintf(&b, "%d %s\n", k.id, base64.StdEncoding.EncodeToString(k.secret))
	}
	return b.String()
}

// Open reads the key ring of a data folder. A file that others can read is
// refused; one that does not exist is [fs.ErrNotExist], see [Keyring.Create].
func Open(path string) (*Keyring, error) {
	ring, err := Read(path)
	if err != nil {
		return nil, err
	}
	if st, err := os.Stat(path); err == nil && st.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s can be read by others; run: chmod 600 %s", path, path)
	}
	return ring, nil
}

// Read reads a key ring file whose permissions are its owner's matter, such as
// a secret that a container is given.
func Read(path string) (*Keyring, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("cannot read the key ring: %w", err)
	}
	ring, err := Parse(string(raw))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return ring, nil
}

// Create writes the ring into a new file, readable for its owner only. When
// another process was quicker, the error is [fs.ErrExist] and its file counts.
func (r *Keyring) Create(path string) error {
	if err := durable.Create(path, []byte(r.String()), 0o600); err != nil {
		return fmt.Errorf("cannot make the key ring: %w", err)
	}
	return nil
}

// Fingerprints returns, by key number, what tells a key from others without
// showing it: 32 hexadecimal digits (HKDF-SHA-256).
func (r *Keyring) Fingerprints() map[int]string {
	out := map[int]string{}
	for i := range r.keys {
		out[int(r.keys[i].id)] = hex.EncodeToString(r.keys[i].derive("fingerprint")[:16])
	}
	return out
}

func (r *Keyring) find(id byte) *key {
	for i := range r.keys {
		if r.keys[i].id == id {
			return &r.keys[i]
		}
	}
	return nil
}

// derive returns the 32-byte key of one purpose.
func (k *key) derive(purpose string) []byte {
	out, err := hkdf.Key(sha256.New, k.secret, nil, "signpost "+purpose, 32)
	if err != nil {
		panic(err) // only for impossible lengths
	}
	return out
}

// Secret returns a 32-byte key of the ring's oldest key for a purpose outside
// this package, such as the keyed hash of terms: it stays the same when newer
// keys are put on top.
func (r *Keyring) Secret(purpose string) []byte {
	return r.keys[len(r.keys)-1].derive("secret " + purpose)
}

const version = 1

var b64 = base64.RawURLEncoding

// mac returns the first n bytes of the MAC of body for a purpose.
func (k *key) mac(purpose string, body []byte, n int) []byte {
	m := hmac.New(sha256.New, k.derive(purpose))
	m.Write(body)
	return m.Sum(nil)[:n]
}

// Sign returns a token for data that everyone may read, such as the
// confirmation of a subscription, valid until the instant given (to the
// second). The purpose names what it is for.
func (r *Keyring) Sign(purpose string, data []byte, until time.Time) string {
	k := &r.keys[0]
	body := appendTime([]byte{version, k.id}, until)
	body = append(body, data...)
	return b64.EncodeToString(append(body, k.mac("sign "+purpose, body, 16)...))
}

// Verify returns the data of a token made by [Keyring.Sign] for the same purpose.
func (r *Keyring) Verify(purpose, token string, now time.Time) ([]byte, error) {
	raw, k, err := r.open(token, 2+5+16)
	if err != nil {
		return nil, err
	}
	body, sum := raw[:len(raw)-16], raw[len(raw)-16:]
	if !hmac.Equal(sum, k.mac("sign "+purpose, body, 16)) {
		return nil, ErrInvalid
	}
	if expired(body[2:], now) {
		return nil, ErrExpired
	}
	return body[7:], nil
}

// Seal returns a token that hides its data (AES-256-GCM), valid until the
// instant given (to the second).
func (r *Keyring) Seal(purpose string, data []byte, until time.Time) string {
	k := &r.keys[0]
	head := appendTime([]byte{version, k.id}, until)
	nonce := make([]byte, 12)
	rand.Read(nonce)
	body := append(head[:len(head):len(head)], nonce...)
	return b64.EncodeToString(k.aead("seal "+purpose).Seal(body, nonce, data, head))
}

// Unseal returns the data of a token made by [Keyring.Seal] for the same purpose.
func (r *Keyring) Unseal(purpose, token string, now time.Time) ([]byte, error) {
	raw, k, err := r.open(token, 7+12+16)
	if err != nil {
		return nil, err
	}
	data, err := k.aead("seal "+purpose).Open(nil, raw[7:19], raw[19:], raw[:7])
	if err != nil {
		return nil, ErrInvalid
	}
	if expired(raw[2:], now) {
		return nil, ErrExpired
	}
	return data, nil
}

// open decodes a token of at least the given size and finds its key.
func (r *Keyring) open(token string, size int) ([]byte, *key, error) {
	if len(token) > MaxToken {
		return nil, nil, ErrInvalid
	}
	raw, err := b64.Strict().DecodeString(token)
	if err != nil || strings.ContainsAny(token, "\r\n") || len(raw) < size || raw[0] != version {
		return nil, nil, ErrInvalid
	}
	k := r.find(raw[1])
	if k == nil {
		return nil, nil, ErrInvalid
	}
	return raw, k, nil
}

func (k *key) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(k.derive(purpose))
	if err == nil {
		var a cipher.AEAD
		if a, err = cipher.NewGCM(block); err == nil {
			return a
		}
	}
	panic(err) // only for impossible key lengths
}

// appendTime appends the seconds since 1970 as five bytes, enough for 34,000 years.
func appendTime(b []byte, t time.Time) []byte {
	s := uint64(max(t.Unix(), 0))
	return append(b, byte(s>>32), byte(s>>24), byte(s>>16), byte(s>>8), byte(s))
}

func expired(b []byte, now time.Time) bool {
	s := int64(b[0])<<32 | int64(b[1])<<24 | int64(b[2])<<16 | int64(b[3])<<8 | int64(b[4])
	return now.Unix() > s
}
