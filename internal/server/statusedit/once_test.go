package statusedit

import (
	"errors"
	"strconv"
	"testing"
	"time"
)

func TestOnceIsBounded(t *testing.T) {
	o := newOnce()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	made := 0
	ask := func(key string, size int, at time.Time) (again bool) {
		t.Helper()
		_, again, err := o.do(key, []byte("r"), at, func() (*onceAnswer, error) {
			made++
			return &onceAnswer{body: make([]byte, size)}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return again
	}
	for i := range 3 * onceMax {
		ask(strconv.Itoa(i), 10, now.Add(time.Duration(i)*time.Millisecond))
	}
	if len(o.entries) > onceMax || made != 3*onceMax {
		t.Errorf("%d answers are kept, %d were made", len(o.entries), made)
	}
	if last := strconv.Itoa(3*onceMax - 1); !ask(last, 10, now.Add(time.Hour)) || ask(last, 10, now.Add(onceFor+time.Hour)) {
		t.Error("an answer is kept for a day, no longer")
	}
	for range 2 {
		if ask("", 1, now) {
			t.Error("a request without a key was taken for another")
		}
	}
	ask("large", onceBytes+1, now)
	if ask("large", onceBytes+1, now) {
		t.Error("a large answer was kept")
	}
}

func TestOnceForgetsFailures(t *testing.T) {
	o := newOnce()
	now := time.Now()
	if _, _, err := o.do("k", nil, now, func() (*onceAnswer, error) { return nil, errors.New("disk full") }); err == nil {
		t.Error("no error")
	}
	func() {
		defer func() { recover() }()
		o.do("k", nil, now, func() (*onceAnswer, error) { panic("x") })
	}()
	if _, again, err := o.do("k", nil, now, func() (*onceAnswer, error) { return &onceAnswer{}, nil }); again || err != nil {
		t.Errorf("after failures: %v, %v", again, err)
	}
}
