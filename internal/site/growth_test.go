//go:build unix

package site_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"signpost/internal/content/source"
	"signpost/internal/site"
)

// articleBytes is the size of a generated article: the mean of public help
// centres.
const articleBytes = 7 << 10

// words are drawn by their rank, the first ones most often, as in real texts.
var words = func() []string {
	syllables := strings.Fields("ac be con de el fil gen ho in ket la mail no or pass qui re set tion un ver wi ex yo zon")
	list := make([]string, 0, 6000)
	for i := range cap(list) {
		w := syllables[i%len(syllables)] + syllables[i/len(syllables)%len(syllables)]
		if i >= len(syllables)*len(syllables) {
			w += syllables[i/(len(syllables)*len(syllables))]
		}
		list = append(list, w)
	}
	return list
}()

func sentence(rnd *rand.Rand, b *strings.Builder) {
	for range 8 + rnd.IntN(12) {
		x := rnd.Float64()
		b.WriteString(words[int(x*x*x*float64(len(words)))])
		b.WriteByte(' ')
	}
	b.WriteString("end.\n")
}

// generated is the file of article id of a site of n: headings, steps,
// platform blocks, values, a part and links to other articles.
func generated(rnd *rand.Rand, id, n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "---\nid: %d\ntitle: Article %d about %s\nservices: [imap]\n---\n", id, id, words[rnd.IntN(len(words))])
	for section := 0; b.Len() < articleBytes; section++ {
		fmt.Fprintf(&b, "\n## %s %s {#s%d}\n\n", words[rnd.IntN(len(words))], words[rnd.IntN(len(words))], section)
		for range 6 {
			sentence(rnd, &b)
		}
		fmt.Fprintf(&b, "\nSee [[a%d#s0]] and `{{imap.host}}`.\n\n", 1+rnd.IntN(n))
		switch section % 3 {
		case 0:
			b.WriteString("1. ")
			sentence(rnd, &b)
			b.WriteString("2. ")
			sentence(rnd, &b)
		case 1:
			b.WriteString("::: macos ios\n")
			sentence(rnd, &b)
			b.WriteString(":::\n")
		default:
			b.WriteString("{{include hint}}\n")
		}
	}
	return b.String()
}

func articlePath(id int) string {
	return fmt.Sprintf("help/c%d/a%d/en.md", id%20, id)
}

// generate writes a site of n articles into dir, all of them an hour old. The same n gives the same files.
func generate(tb testing.TB, dir string, n int) {
	rnd := rand.New(rand.NewPCG(uint64(n), 1))
	write(tb, dir, "site.yaml", "name: Growth\ntime_zone: Europe/Oslo\ndefault_provider: example.com\ncomponents:\n  - {id: imap, name: IMAP, services: [imap]}\n")
	write(tb, dir, "providers/example.yaml", growthProvider)
	write(tb, dir, "help/parts/hint/en.md", "Your server is {{imap.host}}.\n")
	write(tb, dir, "status/2026/2026-11-01-slow.md", growthPost(0))
	for id := 1; id <= n; id++ {
		write(tb, dir, articlePath(id), generated(rnd, id, n))
		old := time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)
		if err := os.Chtimes(filepath.Join(dir, articlePath(id)), old, old); err != nil {
			tb.Fatal(err)
		}
	}
}

const growthProvider = "provider: example.com\nname: Example Mail\ndomains: [example.com]\nservices:\n  - {use: imap, host: imap.example.com}\n  - {use: submit, host: smtp.example.com}\n"

// growthPost is an incident with a number in its text.
func growthPost(i int) string {
	return fmt.Sprintf("---\ntitle: IMAP is slow\nkind: incident\naffects: imap=degraded\n---\n\n## 2026-11-23 10:00 investigating\n\nNumber %d.\n", i)
}

// sizes are the sites that benchmarks grow through: SIGNPOST_ARTICLES, a list
// separated by commas, or a small one.
func sizes(b *testing.B) []int {
	var list []int
	for s := range strings.SplitSeq(os.Getenv("SIGNPOST_ARTICLES"), ",") {
		if s == "" {
			return []int{250}
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			b.Fatalf("SIGNPOST_ARTICLES: %q is not a number of articles", s)
		}
		list = append(list, n)
	}
	return list
}

// cpu is the processor time of this process so far.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkGrowth measures what a site of a given size costs: the first start,
// a restart, one edit of an article, one status post. CPU is reported beside
// the time, because it grows less when the machine is busy; heap is what lives
// after an edit.
//
//	SIGNPOST_ARTICLES=250,1000,2690,10000 go test ./internal/site -run '^$' -bench Growth -benchtime 3x
func BenchmarkGrowth(b *testing.B) {
	for _, n := range sizes(b) {
		b.Run(strconv.Itoa(n), func(b *testing.B) { growth(b, n) })
	}
}

func growth(b *testing.B, n int) {
	dir, data := b.TempDir(), b.TempDir()
	generate(b, dir, n)
	clock := func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }
	open := func(data string) *site.Live {
		src, err := source.Folder(dir)
		if err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { src.Close() })
		live, err := site.Open(site.Config{Source: src, Data: data, Now: clock, Log: quiet})
		if err != nil {
			b.Fatal(err)
		}
		return live
	}
	measure := func(b *testing.B, prepare func(i int), do func()) {
		var used time.Duration
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			prepare(i)
			before := cpu(b)
			b.StartTimer()
			do()
			b.StopTimer()
			used += cpu(b) - before
			b.StartTimer()
		}
		b.ReportMetric(float64(used.Milliseconds())/float64(b.N), "cpu-ms/op")
	}
	b.Run("start", func(b *testing.B) {
		var fresh string
		measure(b, func(int) { fresh = b.TempDir() }, func() { open(fresh).Close() })
	})
	live := open(data)
	live.Close()
	b.Run("restart", func(b *testing.B) {
		measure(b, func(int) {}, func() { open(data).Close() })
	})
	live = open(data)
	defer live.Close()
	load := func(b *testing.B) func() {
		return func() {
			if err := live.Load(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("edit", func(b *testing.B) {
		rnd := rand.New(rand.NewPCG(uint64(n), 2))
		measure(b, func(i int) { write(b, dir, articlePath(1+i%n), generated(rnd, 1+i%n, n)) }, load(b))
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MB")
	})
	b.Run("post", func(b *testing.B) {
		measure(b, func(i int) { write(b, dir, "status/2026/2026-11-01-slow.md", growthPost(i+1)) }, load(b))
	})
	if articles := len(live.Snapshot().Help.Articles); articles != n {
		b.Fatalf("%d articles of %d are served; first problem: %v", articles, n, live.Snapshot().Problems[0])
	}
	if list := live.Snapshot().Problems; len(list) > 0 {
		b.Fatalf("a generated site has problems: %v (in %s)", list[0], filepath.Base(dir))
	}
}
