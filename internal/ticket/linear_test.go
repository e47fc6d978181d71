package ticket

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"regexp/syntax"
	"strconv"
	"strings"
	"testing"
)

// tokens are repeated to see whether work grows with the square of the text.
var tokens = []string{
	"a", " ", "\n", "a\n", "a b ", ">", "> a\n", ">\n", "-", "--\n", "----\n", "-- a\n", "=", "*", "_ ", "a@", "a@b.", "@", "1 ", "12:", "1.", "::1", "0x", "550 5.",
	"On 1.1.2026 a@b wrote:\n", "On 12:00 a\n", "wrote:\n", "12:00 wrote:\n\n\n", "From: a\n", "From: a\nSent: b\n\n", "To: a\n", "Thanks\n", "thank you ", "Regards,\n",
	"Regards ", "Hello ", "Dear A ", "password ", "password: a ", "my pin is ", "http://", "http://a ", "www.", "[", "](http://", "confidential ", "confidential disclos",
	"-----Original Message-----\n", "--- Original Message ", "---", "___ ", "Sent from my \n", "Sent from a\n", "from ", "_A", "A_", "A_ERR ", "eyJ", "a at b dot c ", " dot ", "pass",
	"é", "\u200b", "\u00ad\n", "ä. ", "?\n", "? ", "error ", "error 123 ", "(", "#", "[#1", "für ", "der die das ", "。", "よろしくお願いします\n", "これは",
}

// elements are repeated in a message that is HTML.
var elements = []string{
	"<div>", "</div>", "<p>", "<b>", "</b>", "<b><div>", "<div><b>", "</b></div>", "<td>", "<tr><td>a", "<table>", "<blockquote>", "<blockquote>a</blockquote>", "<br>", "<hr>", "<span>", "</span>", "<i></b>",
	`<div style="display:none">`, `<div style="font-size:0">a`, `<div class="gmail_quote">`, `<div id="divRplyFwdMsg">`, "<!--", "<", "&lt;", "&#1", "<script>", "<title>", "<svg>", "<pre>\n", "<a href=x", "a<wbr>",
}

// TestWorkload is run by TestLinear in a program that counts its steps.
func TestWorkload(t *testing.T) {
	size, err := strconv.Atoi(os.Getenv("SIGNPOST_TEST_WORKLOAD"))
	if err != nil {
		t.Skip("run by TestLinear")
	}
	group := os.Getenv("SIGNPOST_TEST_GROUP")
	for i, token := range append(append([]string{}, tokens...), elements...) {
		if group != "" && group != strconv.Itoa(i/groupSize) {
			continue
		}
		text := strings.Repeat(token, size/len(token))
		if i < len(tokens) {
			_, err = FromText("", text, "", "")
		} else {
			_, err = Parse([]byte("From: a@example.org\nSubject: b\nContent-Type: text/html\n\n" + text))
		}
		if err != nil && err != ErrEmpty {
			t.Errorf("%q: %v", token, err)
		}
	}
}

// groupSize is how many tokens are counted together.
const groupSize = 10

// TestLinear counts the blocks of our code and of regexp that are run for repeated
// tokens: four times the text must cost about four times the steps, and the largest message
// no more than the text to which it is cut.
func TestLinear(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program that counts its steps")
	}
	program := filepath.Join(t.TempDir(), "ticket.test")
	build := exec.Command("go", "test", "-c", "-o", program, "-covermode=count", "-coverpkg=regexp,signpost/internal/ticket,signpost/internal/ticket/message", ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	const small, large = 4 << 10, 16 << 10
	sum := 0
	for g := range (len(tokens)+len(elements)-1)/groupSize + 1 {
		few, many := steps(t, program, small, strconv.Itoa(g)), steps(t, program, large, strconv.Itoa(g))
		sum += many
		if float64(many) > 1.2*large/small*float64(few) {
			t.Errorf("tokens from %d on: %d steps for %d bytes, but %d for %d bytes", g*groupSize, few, small, many, large)
		}
	}
	// The text is cut to four times that, HTML is read in full.
	if all := steps(t, program, MaxBytes-100, ""); all > 12*sum {
		t.Errorf("%d steps for %d bytes of each token, but %d for the largest message", sum, large, all)
	} else {
		t.Logf("%d steps for %d bytes of each token, %d for %d bytes", sum, large, all, MaxBytes)
	}
}

// steps runs the workload and adds up how often each block was run.
func steps(t *testing.T, program string, size int, group string) int {
	t.Helper()
	profile := filepath.Join(t.TempDir(), "profile")
	run := exec.Command(program, "-test.run=^TestWorkload$", "-test.coverprofile="+profile)
	run.Env = append(os.Environ(), fmt.Sprint("SIGNPOST_TEST_WORKLOAD=", size), "SIGNPOST_TEST_GROUP="+group)
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f, err := os.Open(profile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	total := 0
	for s := bufio.NewScanner(f); s.Scan(); {
		fields := strings.Fields(s.Text())
		if n, err := strconv.Atoi(fields[len(fields)-1]); err == nil {
			total += n
		}
	}
	if total == 0 {
		t.Fatal("no steps were counted")
	}
	return total
}

// unbounded are patterns that may repeat something without end. What they scan they
// also consume, so that all matches together are found in one pass.
var unbounded = []*regexp.Regexp{machineSecret, hexCode, groups}

// TestPatternsAreBounded: a pattern that finds a short match after a long look ahead
// would look again and again.
func TestPatternsAreBounded(t *testing.T) {
	var all []*regexp.Regexp
	for _, table := range [][]sign{platforms, clients, programs} {
		for _, s := range table {
			all = append(all, s.words)
		}
	}
	for _, p := range codePatterns {
		all = append(all, p.re)
	}
	all = append(all, smtpReply, codeWords, dated, webAddress, markdownTo, replyTag, listTag, ticketTag, mailDomain, ipv4, ipv6, phone, longNumber,
		secretColon, secretIs, spoken, digits, day, year, placeholder, robot, robotName, plainAddress)
	for _, re := range all {
		tree, err := syntax.Parse(re.String(), syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if endless(tree) {
			t.Errorf("%s repeats something without end", re)
		}
	}
	// The signs are compiled in one place; smtpReply is also among the codes.
	if got, want := compiled(t), len(all)+len(unbounded)-(len(platforms)+len(clients)+len(programs))+1-1; got != want {
		t.Errorf("%d patterns are compiled in this package, %d are checked here", got, want)
	}
}

func endless(re *syntax.Regexp) bool {
	if re.Op == syntax.OpStar || re.Op == syntax.OpPlus || re.Op == syntax.OpRepeat && re.Max < 0 {
		return true
	}
	for _, sub := range re.Sub {
		if endless(sub) {
			return true
		}
	}
	return false
}

// compiled counts the patterns in the source of this package.
func compiled(t *testing.T) int {
	t.Helper()
	files, _ := filepath.Glob("*.go")
	n := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		n += strings.Count(string(src), "regexp.MustCompile(")
	}
	return n
}
