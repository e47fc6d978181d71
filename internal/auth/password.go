package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// How passwords are hashed: argon2id (RFC 9106) with 32 MiB, three passes and
// one lane takes about a tenth of a second. At most maxHashing run at once, so
// that any number of sign-ins needs at most 128 MiB; maxQueue more may wait for
// queueTime.
const (
	argonMemory = 32 * 1024 // KiB
	argonTime   = 3
	argonLanes  = 1
	saltSize    = 16
	hashSize    = 32

	maxQueue  = 32
	queueTime = 5 * time.Second

	// MinPassword and MaxPassword bound a password's characters.
	MinPassword = 10
	MaxPassword = 200
)

var b64 = base64.RawStdEncoding

// A hasher bounds the memory and processors that hashing takes.
type hasher struct {
	running chan struct{}
	queued  chan struct{}
}

// newHasher returns one that hashes n passwords at a time.
func newHasher(n int) *hasher {
	return &hasher{make(chan struct{}, n), make(chan struct{}, n+maxQueue)}
}

// enter waits for a turn; ErrBusy when too many wait or it takes too long.
func (h *hasher) enter(ctx context.Context) (leave func(), err error) {
	select {
	case h.queued <- struct{}{}:
	default:
		return nil, ErrBusy
	}
	timer := time.NewTimer(queueTime)
	defer timer.Stop()
	select {
	case h.running <- struct{}{}:
		return func() { <-h.running; <-h.queued }, nil
	case <-timer.C:
		err = ErrBusy
	case <-ctx.Done():
		err = ctx.Err()
	}
	<-h.queued
	return nil, err
}

// CheckPassword says what is wrong with a new password, or nothing.
func CheckPassword(name, password string) error {
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password):
		return errors.New("the password is not valid text")
	case n < MinPassword:
		return fmt.Errorf("the password has %d characters, at least %d are needed; a few words in a row are fine", n, MinPassword)
	case n > MaxPassword:
		return fmt.Errorf("the password has %d characters, at most %d are possible", n, MaxPassword)
	case name != "" && strings.Contains(strings.ToLower(password), name):
		return errors.New("the password contains the name; choose another one")
	case strings.Count(password, password[:1]) == len(password):
		return errors.New("the password is one character repeated; choose another one")
	}
	return nil
}

// hash returns the PHC string of a password.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx)
	if err != nil {
		return "", err
	}
	defer leave()
	salt := make([]byte, saltSize)
	rand.Read(salt)
	sum := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, hashSize)
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes, b64.EncodeToString(salt), b64.EncodeToString(sum)), nil
}

// nobody's password takes as long to check as anybody's.
const nobody = "$argon2id$v=19$m=32768,t=3,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// verify reports whether a password has the hash. A hash that cannot be read
// fits no password.
func (h *hasher) verify(ctx context.Context, password, encoded string) (bool, error) {
	memory, passes, lanes, salt, sum, ok := parseHash(encoded)
	if !ok || len(password) > 4*MaxPassword {
		return false, nil
	}
	leave, err := h.enter(ctx)
	if err != nil {
		return false, err
	}
	defer leave()
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(sum)))
	return subtle.ConstantTimeCompare(got, sum) == 1, nil
}

// parseHash reads a PHC string. Its numbers come from a database or a backup,
// so they are bounded like input.
func parseHash(encoded string) (memory, passes uint32, lanes uint8, salt, sum []byte, ok bool) {
	parts := strings.Split(encoded, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return
	}
	if n, err := fmt.Sscanf(parts[3]+"\n", "m=%d,t=%d,p=%d\n", &memory, &passes, &lanes); n != 3 || err != nil {
		return
	}
	var err error
	if salt, err = b64.DecodeString(parts[4]); err != nil || len(salt) < 8 || len(salt) > 64 {
		return
	}
	if sum, err = b64.DecodeString(parts[5]); err != nil || len(sum) < 16 || len(sum) > 64 {
		return
	}
	ok = memory >= 8 && memory <= 128*1024 && passes >= 1 && passes <= 10 && lanes >= 1 && lanes <= 8
	return
}
