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

// A Record says how often a word occurs in one field of one document. Many are
// kept, so it is packed.
type Record uint32

// MaxDocuments is how many documents an index may have.
const MaxDocuments = 1 << 24

func newRecord(doc, tf uint64) Record { return Record(doc<<8 | min(tf, 255)) }

// Doc is an index into Run.Docs.
func (r Record) Doc() uint32 { return uint32(r >> 8) }

// TF is how often the word occurs; 255 also stands for more.
func (r Record) TF() uint32 { return uint32(r & 255) }

// A Run holds the records of one word in one field of one segment.
type Run struct {
	Field   int
	Docs    []uint32 // positions in the list given to Update, or Postings.Gone
	Records []Record
}

// Postings are what the index says about a list of documents: for every word,
// in order, its runs. Words are unstemmed, and all documents of one may be gone.
// Postings must not be changed.
type Postings struct {
	Words []string
	Runs  [][]Run
	Gone  uint32 // the length of the list: stands for documents that are not in it any more
}

// errIncomplete says that the durable index does not hold all documents.
var errIncomplete = errors.New("documents are missing from the index")

// readPostings reads all postings once. number maps bleve's document ids to
// positions in the list of documents. A segment never changes but for deletions,
// so what the last reading has of it, in known, is used again.
func readPostings(idx bleve.Index, number map[string]uint32, known *map[any][]wordRuns) (*Postings, error) {
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
	docs, found := make([][]uint32, len(segments)), 0
	for i, s := range segments {
		n, err := numberDocuments(s, number)
		if err != nil {
			return nil, err
		}
		docs[i] = n
		for _, d := range n {
			if d != uint32(len(number)) {
				found++
			}
		}
	}
	if found != len(number) {
		return nil, errIncomplete
	}
	var fresh []*scorch.SegmentSnapshot
	lists := make(map[any][]wordRuns, len(segments))
	for _, s := range segments {
		if lists[s.Segment()] = (*known)[s.Segment()]; lists[s.Segment()] == nil {
			fresh = append(fresh, s)
		}
	}
	for i, l := range readSegments(fresh) {
		at := i / (NumFields * len(ranges))
		if l.err != nil {
			return nil, l.err
		}
		key := fresh[at].Segment()
		lists[key] = append(lists[key], l)
	}
	*known = lists
	p := &Postings{Gone: uint32(len(number))}
	p.merge(segments, docs, lists)
	return p, nil
}

// numberDocuments maps the documents of a segment to positions in the list.
func numberDocuments(s *scorch.SegmentSnapshot, number map[string]uint32) ([]uint32, error) {
	if n := s.Segment().Count(); n > MaxDocuments {
		return nil, fmt.Errorf("a segment has %d documents, more than %d", n, MaxDocuments)
	}
	deleted := s.Deleted()
	out := make([]uint32, s.Segment().Count())
	for i := range out {
		out[i] = uint32(len(number))
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

// wordRuns are the words of one field of one segment, with its own numbers of
// documents, deleted ones included.
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
func readSegments(segments []*scorch.SegmentSnapshot) []wordRuns {
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
				out[i].field = NumFields - 1 - i/len(ranges)%NumFields // the longest first
				out[i].err = guard(func() error {
					return readField(segments[i/len(ranges)/NumFields], ranges[i%len(ranges)], &out[i])
				})
			}
		})
	}
	wg.Wait()
	return out
}

// readField reads the words of one field from the first of the limits on and
// before the second.
func readField(s *scorch.SegmentSnapshot, limits [2][]byte, out *wordRuns) error {
	dict, err := s.Segment().Dictionary(fieldNames[out.field])
	if err != nil {
		return err
	}
	var slab []Record
	chunk := int(min(s.Segment().Count()*16, 1<<12)) // little is wasted on small segments
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
		if list, err = dict.PostingsList([]byte(entry.Term), nil, list); err != nil {
			return err
		}
		n := int(list.Count())
		if n == 0 {
			continue
		}
		if cap(slab)-len(slab) < n {
			slab = make([]Record, 0, max(n, chunk))
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
			slab = append(slab, newRecord(p.Number(), p.Frequency()))
		}
		out.words = append(out.words, strings.Clone(entry.Term))
		out.recs = append(out.recs, slab[first:len(slab):len(slab)])
	}
}

// merge puts the runs of each word together, with the words in order, so that
// sums do not depend on how bleve happened to cut its segments.
func (p *Postings) merge(segments []*scorch.SegmentSnapshot, docs [][]uint32, lists map[any][]wordRuns) {
	number := map[string]uint32{}
	for at, s := range segments {
		for _, l := range lists[s.Segment()] {
			for i, w := range l.words {
				n, ok := number[w]
				if !ok {
					n = uint32(len(p.Words))
					number[w] = n
					p.Words = append(p.Words, w)
					p.Runs = append(p.Runs, nil)
				}
				p.Runs[n] = append(p.Runs[n], Run{l.field, docs[at], l.recs[i]})
			}
		}
	}
	order := make([]int, len(p.Words))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p.Words[a], p.Words[b]) })
	words, runs := make([]string, len(order)), make([][]Run, len(order))
	for i, o := range order {
		words[i], runs[i] = p.Words[o], p.Runs[o]
	}
	p.Words, p.Runs = words, runs
}
