package search

import "signpost/internal/search/words"

// Known returns the words of a ticket that documents of the index use, in order
// of appearance and at most limit of them; stop words are left out. What only
// the customer wrote, such as a name, is never among them.
func (ix *Index) Known(t Ticket, limit int) []string {
	out := []string{}
	for _, w := range ticketWords(t) {
		var s slot
		if ix.isStop(words.Fold(w.Word), t.Lang) {
			continue
		}
		if ix.known(&s, w.Word); len(s.alternatives) > 0 && len(out) < limit {
			out = append(out, w.Word)
		}
	}
	return out
}
