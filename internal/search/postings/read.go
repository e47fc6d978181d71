package postings

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// The text fields of a document.
const (
	Title = iota
	Also
	Heading
	Summary
	Body
	NumFields
)

var fieldNames = [NumFields]string{"title", "also", "heading", "summary", "body"}

// A Record says how often a word occurs in one field of one document.
type Record struct {
	Doc uint32 // position in the list given to Update
	TF  uint16
}

// A Run holds the records of one word in one field of one segment, by document.
type Run struct {
	Field   int
	Records []Record
}

// Postings are what the index says about a list of documents: for every word,
// in order, its runs. Words are unstemmed. They must not be changed.
type Postings struct {
	Words []string
	Runs  [][]Run
}

// errIncomplete says that the durable index does not hold all documents.
var errIncomplete = errors.New("documents are missing from the index")

// readPostings reads all postings once. number maps bleve's document ids to
// positions in the list of documents.
func readPostings(idx bleve.Index, number map[string]uint32) (*Postings, error) {
	advanced, err := idx.Advanced()
	if err != nil {
		return nil, err
	}
	reader, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	snapshot, ok := reader.(*scorch.IndexSnapshot)
	if !ok {
		return nil, fmt.Errorf("unexpected index reader %T", reader)
	}
	segments := snapshot.Segments()
	local, found := make([][]uint32, len(segments)), 0
	for i, s := range segments {
		n, err := numberDocuments(s, number)
		if err != nil {
			return nil, err
		}
		local[i] = n
		for _, d := range n {
			if d != noDoc {
				found++
			}
		}
	}
	if found != len(number) {
		return nil, errIncomplete
	}
	return mergeRuns(readSegments(segments, local))
}

const noDoc = ^uint32(0)

// numberDocuments maps the documents of a segment to positions in the list.
func numberDocuments(s *scorch.SegmentSnapshot, number map[string]uint32) ([]uint32, error) {
	deleted := s.Deleted()
	out := make([]uint32, s.Segment().Count())
	for i := range out {
		out[i] = noDoc
		if deleted != nil && deleted.Contains(uint32(i)) {
			continue
		}
		id, err := s.DocID(uint64(i))
		if err != nil {
			return nil, err
		}
		if n, ok := number[string(id)]; ok {
			out[i] = n
		}
	}
	return out, nil
}

// wordRuns are the words of one field of one segment.
type wordRuns struct {
	field int
	words []string
	recs  [][]Record
	err   error
}

// ranges cut the words of a field, so that the text of a large segment is not
// read by one goroutine alone.
var ranges = [][2][]byte{{nil, []byte("c")}, {[]byte("c"), []byte("h")}, {[]byte("h"), []byte("p")}, {[]byte("p"), []byte("t")}, {[]byte("t"), nil}}

// readSegments reads every field of every segment, in parallel.
func readSegments(segments []*scorch.SegmentSnapshot, local [][]uint32) []wordRuns {
	out := make([]wordRuns, len(segments)*NumFields*len(ranges))
	next := make(chan int, len(out))
	for i := range out {
		next <- i
	}
	close(next)
	var wg sync.WaitGroup
	for range workers() {
		wg.Go(func() {
			for i := range next {
				at := i / len(ranges) / NumFields
				out[i].field = NumFields - 1 - i/len(ranges)%NumFields // the longest first
				out[i].err = guard(func() error { return readField(segments[at], local[at], ranges[i%len(ranges)], &out[i]) })
			}
		})
	}
	wg.Wait()
	return out
}

// readField reads the words of one field from the first of the limits on and
// before the second.
func readField(s *scorch.SegmentSnapshot, local []uint32, limits [2][]byte, out *wordRuns) error {
	dict, err := s.Segment().Dictionary(fieldNames[out.field])
	if err != nil {
		return err
	}
	deleted := s.Deleted()
	var slab []Record
	terms := dict.AutomatonIterator(nil, limits[0], limits[1])
	list, err := dict.PostingsList(nil, nil, nil)
	if err != nil {
		return err
	}
	it := list.Iterator(true, false, false, nil)
	for {
		entry, err := terms.Next()
		if err != nil {
			return err
		}
		if entry == nil {
			return nil
		}
		if list, err = dict.PostingsList([]byte(entry.Term), deleted, list); err != nil {
			return err
		}
		n := int(list.Count())
		if n == 0 {
			continue
		}
		if cap(slab)-len(slab) < n {
			slab = make([]Record, 0, max(n, 1<<14))
		}
		first := len(slab)
		it = list.Iterator(true, false, false, it)
		for {
			p, err := it.Next()
			if err != nil {
				return err
			}
			if p == nil {
				break
			}
			if d := local[p.Number()]; d != noDoc {
				slab = append(slab, Record{d, uint16(min(p.Frequency(), 1<<16-1))})
			}
		}
		if len(slab) > first {
			out.words = append(out.words, strings.Clone(entry.Term))
			out.recs = append(out.recs, slab[first:len(slab):len(slab)])
		}
	}
}

// sort orders the words, so that sums do not depend on how bleve happened to
// cut its segments.
func (p *Postings) sort() {
	order := make([]int, len(p.Words))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p.Words[a], p.Words[b]) })
	sorted := Postings{make([]string, len(order)), make([][]Run, len(order))}
	for i, o := range order {
		sorted.Words[i], sorted.Runs[i] = p.Words[o], p.Runs[o]
	}
	*p = sorted
}

func mergeRuns(lists []wordRuns) (*Postings, error) {
	p := &Postings{}
	number := map[string]uint32{}
	for _, l := range lists {
		if l.err != nil {
			return nil, l.err
		}
		for i, w := range l.words {
			n, ok := number[w]
			if !ok {
				n = uint32(len(p.Words))
				number[w] = n
				p.Words = append(p.Words, w)
				p.Runs = append(p.Runs, nil)
			}
			p.Runs[n] = append(p.Runs[n], Run{l.field, l.recs[i]})
		}
	}
	p.sort()
	return p, nil
}
