// Package search ranks help articles, incidents and settings cards for what
// customers type, and for whole tickets. It knows nothing of a site: callers turn
// their pages into [Document] values.
//
// [Open] opens the durable index, [Store.Update] brings it to a list of documents
// and returns [Indexes]; [Index.Search] and [Index.Suggest] answer. Guarantees:
//
//   - An [Index] never changes and may be searched by any number of goroutines.
//     The same documents give the same answers, in the same order, for ever.
//   - Nothing of an internal document reaches Indexes.Public: no hit, count,
//     correction, completion, related article, nor any influence on a weight.
//   - The folder is a cache. Damaged, missing, outdated or killed at any moment, it
//     is filled again without an operator; an edit analyses what changed.
//   - Every limit holds for any input: bytes and words of a query, hits, terms of a
//     ticket, words a prefix or an unknown word may stand for, memory for outlines.
//
// A result shows a group, such as an article, once: in the asked language when it
// has that. Words are looked up in every language of the index, so a translation
// that is title and summary only lets its words find the article.
//
// # How ranking works
//
// bleve analyses the texts and keeps the postings of unstemmed words (package
// postings). They are read once per update; words of one stem are added up and
// become arrays of (document, weight), the weight being BM25, saturated for each
// field and summed. A query adds up its words (never AND); an unknown word counts
// as the best of up to three known ones, an unfinished one as the best of its
// completions, synonyms likewise. Titles that continue what was typed come first.
// The ten best are then ordered by how well their best sentence answers, which
// also finds the section to point at. Tickets leave stop words out and add one
// more field, the tickets that were answered with the article.
//
// # What decided it
//
// Mean nDCG@10 over the development queries of three judged collections (stackfaq,
// hint3, covidfaq), .752 as it is; differences below .003 are noise:
//
//   - idf for each field instead of over the union of fields: -.04 (measured before)
//   - one saturation over all fields (BM25F): -.031; hint3 alone gains .015
//   - factor for the share of matched words: -.001 at .2, -.006 at .5; not used
//   - without the best sentence: -.001, hint3 -.017, synthetic tickets -.02; weight 1.6: -.001
//   - stop words at full weight: +.004, at .2: -.023; .6 keeps hint3 and tickets
//   - title at 1 instead of 2.5: -.018, at 4: +.003
//   - k1 3 instead of 1.2, or .8: within .001; b of the body .75: +.003, but it
//     cost .05 on long pages
//   - Porter's stemmer instead of Snowball's: -.007; plurals only: -.009
//   - words of the same beginning as weak alternatives: +.002; too slow for that
//   - correction off: .005 less on real queries, .056 on one error in the longest
//     word, .30 on an error in every longer word
//   - stop words as corrections ("powder" -> "power" stays, "that" -> "than" goes):
//     -.001, and unwelcome to read
//   - correcting stems as well as words ("pilow" where only "pillows" is known):
//     hint3 with one error .537 -> .549
//
// Tickets, the last 30 % of 1,337 in time, 193 articles, hit@5 (hit@1):
//
//   - text alone: .617 (.356); repeated words undamped: .604 (.336); only the 10
//     heaviest words: .570 (.313); unweighted headings: .595 (.336)
//   - with the first 70 % as history: .771 (.512); with the 20 latest only: .70 (.43)
//   - history as naive Bayes: at most .746 (.498); scaled to the best of the text
//     score instead of its own idf: .66 (.28) with 20 tickets
package search
