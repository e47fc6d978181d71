package relevance

import (
	"context"
	"math"
	"slices"
	"time"

	"signpost/internal/search"
	"signpost/internal/suggest"
)

// A Scale is how well the articles of judged tickets are found.
type Scale struct {
	Hit1    float64 `json:"hit@1"` // share of the tickets with one of their articles first
	Hit3    float64 `json:"hit@3"`
	Hit5    float64 `json:"hit@5"`
	MRR     float64 `json:"mrr"`
	Strong  float64 `json:"strong"`       // share of the tickets whose first article fits strongly
	Strong3 float64 `json:"strong_hit@3"` // of those, the share with one of their articles among the first 3
	P50     float64 `json:"p50_us"`       // microseconds for reading a ticket and ranking five articles
	P99     float64 `json:"p99_us"`
	N       int     `json:"n"`       // tickets that were judged
	Unknown int     `json:"unknown"` // tickets left out: their articles are not there
}

// deepest is how far a ticket's article is looked for.
const deepest = 100

// Replay asks the catalog's index for each ticket's articles. It stops when ctx ends.
func Replay(ctx context.Context, s *Catalog, ix *search.Index, tickets []Ticket, replaying Progress) Scale {
	var out Scale
	var times []time.Duration
	for i, t := range tickets {
		if ctx.Err() != nil {
			break
		}
		replaying.tell(i+1, len(tickets))
		var want []int
		for _, name := range t.Articles {
			if n := s.find(string(name)); n > 0 {
				want = append(want, n)
			}
		}
		if len(want) == 0 {
			out.Unknown++
			continue
		}
		begin := time.Now()
		read, ok := t.read()
		s.detect(&read)
		q := search.Ticket{Subject: read.Subject, Text: read.Text, Lang: read.Lang, Platform: read.Platform, Codes: read.Codes, Kind: search.Article, Limit: suggest.Normal}
		hits := ix.Suggest(q)
		times = append(times, time.Since(begin))
		out.N++
		if !ok {
			continue
		}
		right := func(h search.Hit) bool { return slices.Contains(want, s.number(h)) }
		rank := slices.IndexFunc(hits, right) + 1
		if rank == 0 {
			q.Limit = deepest
			rank = slices.IndexFunc(ix.Suggest(q), right) + 1
		}
		out.count(rank)
		if len(hits) > 0 && hits[0].Fit == search.Strong {
			out.Strong++
			if rank > 0 && rank <= 3 {
				out.Strong3++
			}
		}
	}
	out.finish(times)
	return out
}

func (s *Scale) count(rank int) {
	if rank == 0 {
		return
	}
	s.MRR += 1 / float64(rank)
	for _, at := range []struct {
		rank int
		n    *float64
	}{{1, &s.Hit1}, {3, &s.Hit3}, {5, &s.Hit5}} {
		if rank <= at.rank {
			*at.n++
		}
	}
}

// finish turns sums into shares.
func (s *Scale) finish(times []time.Duration) {
	if s.N == 0 {
		return
	}
	if s.Strong > 0 {
		s.Strong3 = math.Round(s.Strong3/s.Strong*10000) / 10000
	}
	for _, v := range []*float64{&s.Strong, &s.Hit1, &s.Hit3, &s.Hit5, &s.MRR} {
		*v = math.Round(*v/float64(s.N)*10000) / 10000
	}
	slices.Sort(times)
	at := func(q float64) float64 {
		return math.Round(float64(times[min(int(q*float64(len(times))), len(times)-1)].Nanoseconds())/100) / 10
	}
	s.P50, s.P99 = at(.5), at(.99)
}
