package server_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"signpost/internal/server/web"
)

// A crowd is a server and a clock that only the test moves.
type crowd struct {
	*mailDesk
	start time.Time
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	d := newMailDesk(t)
	return &crowd{d, *d.now.Load()}
}

// ask sends a request so long after the start and returns the status.
func (c *crowd) ask(after time.Duration, method, target, from string) (int, http.Header) {
	c.setClock(c.start.Add(after))
	r := httptest.NewRequest(method, "http://localhost"+target, nil)
	r.RemoteAddr = from + ":4711"
	w := httptest.NewRecorder()
	c.srv.ServeHTTP(w, r)
	return w.Code, w.Header()
}

// debounce is how long the search box waits for another key before it asks.
func debounce(t *testing.T) time.Duration {
	t.Helper()
	script, err := os.ReadFile("../../web/static/site.js")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`setTimeout\(ask, (\d+)\)`).FindSubmatch(script)
	if m == nil {
		t.Fatal("the search box does not wait before it asks")
	}
	ms, _ := strconv.Atoi(string(m[1]))
	return time.Duration(ms) * time.Millisecond
}

// keys returns when a person who types so many letters has the box ask: letters
// are 90 to 390 ms apart, and the box asks when the next one is late.
func keys(person, letters int, wait time.Duration) []time.Duration {
	var asks []time.Duration
	at := time.Duration(0)
	for i := range letters {
		next := time.Duration(90+(person*37+i*101)%301) * time.Millisecond
		if i > 0 && (next > wait || i == letters-1) {
			asks = append(asks, at+wait)
		}
		at += next
	}
	return asks
}

// In an outage the people of an office, who share an address, all search.
func TestCrowdIsNotRefused(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	const people, window = 500, 30 * time.Second
	wait := debounce(t)
	type request struct {
		at     time.Duration
		target string
	}
	var all []request
	for person := range people {
		begin := window * time.Duration(person) / people
		for _, at := range keys(person, 24, wait) {
			all = append(all, request{begin + at, "/api/v1/search?q="})
		}
		all = append(all, request{begin, "/search"}, request{begin, "/"}, request{begin, "/status"})
	}
	slices.SortFunc(all, func(a, b request) int { return cmp.Compare(a.at, b.at) })
	refused := 0
	for _, r := range all {
		if status, _ := c.ask(r.at, http.MethodGet, r.target, "192.0.2.1"); status != http.StatusOK {
			refused++
		}
	}
	t.Logf("%d requests of %d people within %v: %d refused", len(all), people, all[len(all)-1].at, refused)
	if refused > 0 || len(all) < 10*people {
		t.Errorf("%d of %d requests were refused", refused, len(all))
	}
}

// They set up their mail and vote too, and neither uses up what others need.
func TestKindsAreApart(t *testing.T) {
	t.Parallel()
	c := newCrowd(t)
	for i := range 500 {
		if status, _ := c.ask(0, http.MethodPost, "/setup", "192.0.2.1"); status == http.StatusTooManyRequests {
			t.Fatalf("set-up %d was refused", i)
		}
	}
	status := 0
	var h http.Header
	for range 1000 {
		if status, h = c.ask(0, http.MethodGet, "/search", "192.0.2.1"); status == http.StatusTooManyRequests {
			break
		}
	}
	if status != http.StatusTooManyRequests || h.Get("Retry-After") != "1" {
		t.Errorf("a thousand pages of results at one instant: %d, Retry-After %q", status, h.Get("Retry-After"))
	}
	for _, target := range []string{"/api/v1/search?q=", "/", "/status", "/help/spam-filter", "/mail/config-v1.1.xml?emailaddress=kari@listed.test"} {
		if status, _ := c.ask(0, http.MethodGet, target, "192.0.2.1"); status != http.StatusOK {
			t.Errorf("%s is refused with the pages of results: %d", target, status)
		}
	}
	if status, _ := c.ask(0, http.MethodGet, "/search", "192.0.2.2"); status != http.StatusOK {
		t.Errorf("the neighbour is refused too: %d", status)
	}
}

// One client that asks for 200 distinct pages of results a second.
func TestFlooderIsRefused(t *testing.T) {
	c := newCrowd(t)
	const perSecond = 200
	var asked, refused [3]int // by minute
	for i := range len(asked) * 60 * perSecond {
		after := time.Second * time.Duration(i) / perSecond
		status, _ := c.ask(after, http.MethodHead, fmt.Sprintf("/search?q=%d", i), "192.0.2.1")
		asked[int(after.Minutes())]++
		if status == http.StatusTooManyRequests {
			refused[int(after.Minutes())]++
		}
	}
	for minute := range asked {
		share := float64(refused[minute]) / float64(asked[minute])
		t.Logf("minute %d: %.0f %% of %d refused", minute+1, 100*share, asked[minute])
		if minute > 0 && share < 0.7 {
			t.Errorf("in minute %d only %.0f %% are refused", minute+1, 100*share)
		}
	}
}

// A thousand devices behind one address ask for the settings of our own domain, and
// of one that DNS says is ours: it is asked once.
func TestDiscoveryIsNeverRefused(t *testing.T) {
	t.Parallel()
	d := newMailDesk(t)
	for _, domain := range []string{"example.com", "customer.test"} {
		for i := range 1000 {
			r := httptest.NewRequest(http.MethodGet, "http://autoconfig."+domain+"/mail/config-v1.1.xml?emailaddress=kari@"+domain, nil)
			r.RemoteAddr = "192.0.2.1:4711"
			w := httptest.NewRecorder()
			if d.srv.ServeHTTP(w, r); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "<clientConfig") {
				t.Fatalf("%s, device %d: %d %s", domain, i, w.Code, w.Body)
			}
		}
	}
}

// The operator's table has the budgets that the program has.
func TestLimitsAreTold(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, m := range regexp.MustCompile(`(?m)^ *\| `+"`([a-z]+)`"+` \| [^|]+ \| (\d+) \| (\d+) \|$`).FindAllSubmatch(readme, -1) {
		rows++
		if got, want := string(m[2])+"/"+string(m[3]), web.Limits()[web.Kind(m[1])].String(); got != want {
			t.Errorf("README.md says %s=%s, the program has %s", m[1], got, want)
		}
	}
	if rows != len(web.Limits()) {
		t.Errorf("README.md tells %d of %d limits", rows, len(web.Limits()))
	}
}
