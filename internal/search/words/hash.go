package words

import "unicode/utf8"

// Hash is FNV-1a over a folded word, at least MinHash.
func Hash(folded string) uint32 {
	h := uint32(fnvOffset)
	for i := range len(folded) {
		h = (h ^ uint32(folded[i])) * fnvPrime
	}
	return h | MinHash
}

const (
	fnvOffset = 2166136261
	fnvPrime  = 16777619
)

// MinHash is a bit that every hash has: smaller numbers are free for marks.
const MinHash = 4

// Hashes calls word with the [Hash] of every word of a text, end after every
// sentence. It allocates nothing for plain text.
func Hashes(text string, word func(hash uint32, start, end int), end func()) {
	open := false
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf && !asciiWord[c] {
			i++
			if open && (c == '\n' || (c == '.' || c == '?' || c == '!') && (i == len(text) || text[i] <= ' ')) {
				end()
				open = false
			}
			continue
		}
		start, h := i, uint32(fnvOffset)
		for i < len(text) {
			c = text[i]
			if c >= utf8.RuneSelf || !asciiWord[c] {
				break
			}
			h = (h ^ uint32(lowered[c])) * fnvPrime
			i++
		}
		h |= MinHash
		if i < len(text) && (c == '\'' || c >= utf8.RuneSelf) {
			i = wordEnd(text, start)
			if i == start { // a sign or an ideograph
				_, n := utf8.DecodeRuneInString(text[i:])
				i += n
				continue
			}
			h = Hash(Fold(normalize(text[start:i])))
		}
		open = true
		word(h, start, i)
	}
	if open {
		end()
	}
}

var lowered = func() (t [utf8.RuneSelf]byte) {
	for c := range byte(utf8.RuneSelf) {
		t[c] = c
		if c >= 'A' && c <= 'Z' {
			t[c] = c + 'a' - 'A'
		}
	}
	return
}()
