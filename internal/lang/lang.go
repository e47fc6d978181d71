// Package lang holds what Signpost knows about natural languages, one file per
// language: stop words, question words, greetings, quote heads, the words by
// which customers describe a failure, and so on. A new language is one new
// file here and one catalogue in web/locale; no other Go file names a language.
//
// [All] lists the languages, [Of] finds one by its tag, [Match] is the one rule
// by which a tag such as "de-AT" finds "de", and [PluralOf] gives the plural
// rule of any language, also of one without a file here.
//
// Languages of the interface (those with a catalogue) are complete. The others
// are only read in customers' messages and have no more than that needs.
//
// # Phrases
//
// Lists of words and phrases are in lower case, and are compared without
// regard to case. In a phrase a "*" that stands alone is any few words ("sent
// from *"), and a "*" at the end of a word is any ending ("grüß*"). Whoever
// uses a list compiles it.
package lang

import (
	"slices"
	"strings"
)

// A Language is what one file of this package says about a language. It must
// not be changed.
type Language struct {
	Tag     string   // BCP 47 (RFC 5646): "nb"
	Aliases []string // other tags whose readers this language serves best: "no", "nn"

	Search   Search
	Detect   Detect
	Mail     Mail
	Settings Settings
	Trouble  Trouble

	// Days are phrases that mean another day to every later reader of a status
	// post: "today", "last night".
	Days []string
}

// Search holds the words that the ranking treats differently.
type Search struct {
	Stop      []string  // words that say little about what a text is about
	Ask       []string  // those of Stop that make a question or turn it round: "how", "can", "not"
	Stemmer   Algorithm // removes inflection; "" leaves words as they are
	Compounds bool      // compounds are written as one word, as in German

	Stems      []string // "word=stem" where the stemmer takes different words for one, or one for two
	Contracted []string // "short = long": contractions, and other ways to write the same words
	Linking    []string // letters between the parts of a compound: "s"
	Separable  []string // prefixes that leave their verb for the end of the sentence: "an" in "kommt nicht an"
	// Ordinary are everyday words that a site need not have, but that nobody mistypes
	// for another word: they are never corrected.
	Ordinary []string
}

// An Algorithm names a stemmer. The search package has one for each constant.
type Algorithm string

// The algorithms: Snowball's, except for GermanLight.
const (
	Danish      Algorithm = "danish"
	Dutch       Algorithm = "dutch"
	English     Algorithm = "english"
	Finnish     Algorithm = "finnish"
	French      Algorithm = "french"
	GermanLight Algorithm = "german-light" // J. Savoy's light stemmer
	Hungarian   Algorithm = "hungarian"
	Italian     Algorithm = "italian"
	Norwegian   Algorithm = "norwegian"
	Portuguese  Algorithm = "portuguese"
	Romanian    Algorithm = "romanian"
	Russian     Algorithm = "russian"
	Spanish     Algorithm = "spanish"
	Swedish     Algorithm = "swedish"
	Turkish     Algorithm = "turkish"
)

// Detect tells a text in this language from texts in others.
type Detect struct {
	Frequent []string // frequent words; those that several languages share count less
	Letters  string   // letters that few of the other languages write: "ß"
	Script   string   // name of a Unicode script that tells by itself: "Cyrillic"; "" for Latin
}

// Mail is how messages are written: what surrounds a question.
type Mail struct {
	Greetings []string // begin a message: "hello", "good morning", "dear"
	Addressed []string // may follow a greeting before a name: "all", "team", "mr"
	Thanks    []string // "thanks", "many thanks": ends a message, or begins one
	ThanksFor []string // may follow in the same sentence: "in advance", "for your help"
	And       []string // joins thanks and closing: "and"
	Closings  []string // end a message: "kind regards"
	SentFrom  []string // lines that mail programs add: "sent from *"
	Footers   []string // phrases of legal and automatic paragraphs below a message

	Wrote      []string // verbs of the line above a quote: "wrote"
	Original   []string // between dashes above a quoted message: "original message"
	Forwarded  []string // above a forwarded message, with or without dashes: "begin forwarded message"
	Head       Head     // fields of a quoted message
	ReplyAbove []string // ticket systems put it above the quote: "above this line"

	Bounces []string // phrases in the subject of a delivery report: "undeliverable"

	ReplyTags   []string // before ":" in a subject: "re", "fwd"
	TicketWords []string // before a number in a subject: "ticket", "case"
	Secrets     []string // name a password: "password", "pin"
	SecretIs    []string // between such a word and the password: "is", "was"
	At          []string // how "@" is spelt out in an address: "at"
	Dot         []string // how "." is: "dot"
	Errors      []string // before the number of an error: "error", "code"
	Web         []string // phrases that tell of a mail in the browser: "in my browser"
	Apps        []string // "mail app" and the like, for the program that a phone comes with
	On          []string // between a program and a device: "on", "on my", "for"

	Clients map[string][]string // further names of mail programs by their id: "outlook-classic"
}

// Head names the fields of a quoted message's head, as mail programs
// translate them.
type Head struct {
	From, Sent, To, Subject []string
	Other                   []string // Cc, Reply-To, attachments and the like
}

// Settings are words by which customers ask for server names and ports.
type Settings struct {
	Incoming []string // ask for reading mail: "incoming"
	Outgoing []string // ask for sending mail: "outgoing"
	Servers  []string // ask for all servers: "server", "port"
	Ask      []string // may stand beside them: "settings", "name"
}

// Technical is the tag of the language of error messages, which customers
// quote in every language.
const Technical = "en"

// A Part is a part of a mail provider's service that can fail by itself. The
// first ones are named like the services of a provider file.
type Part string

// The parts.
const (
	IMAP       Part = "imap"
	POP3       Part = "pop3"
	Submit     Part = "submit"
	CalDAV     Part = "caldav"
	CardDAV    Part = "carddav"
	Webmail    Part = "webmail"
	SignIn     Part = "sign-in"
	SpamFilter Part = "spam-filter"
	Delivery   Part = "delivery" // of incoming mail to the mailbox
	Websites   Part = "web-hosting"
	Domains    Part = "domains"
	Payments   Part = "payments"
)

// Parts returns all parts in a fixed order.
func Parts() []Part {
	return []Part{IMAP, POP3, Submit, CalDAV, CardDAV, Webmail, SignIn, SpamFilter, Delivery, Websites, Domains, Payments}
}

// Trouble is how customers say that something fails, works or is wanted.
type Trouble struct {
	Names    map[Part][]string // what the part is called: "webmail", "outgoing server"
	Symptoms map[Part][]string // what customers notice when it fails: "no new mail"

	Mail     []string // all of the mail service: "mail", "e-mail"
	Failures []string // something fails, whatever it is: "error", "times out"
	Since    []string // it began at some time: "since this morning"
	Outage   []string // the customer suspects the provider: "is it down", "outage"
	Others   []string // others have the same: "my colleague too", "on all devices"
	Works    []string // a part does work: "works", "is fine"
	Solved   []string // it is over: "works again"
	Changed  []string // the customer's own change came before: "since i changed"
	Refused  []string // a password is not taken: "password is wrong"
	Wishes   []string // a question or an order, not a failure: "how do i", "please change"

	Short     []string // short forms and what they stand for: "can't = cannot"
	Negations []string // "not", "no", "neither"
	But       []string // between two statements: "but", "while"
	Receiving []string // what receiving mail is: "receive", "new mail"
	Sending   []string // what sending mail is: "send", "go out"
	Spam      []string // unwanted mail: "spam", "junk"
	Waves     []string // more than usual: "suddenly", "hundreds", "gets through"
	Phones    []string // devices whose mail program reads by IMAP: "phone", "tablet"
	Programs  []string // mail programs of computers, and the words for them: "outlook", "desktop"
	All       []string // everything fails: "nothing works"
	Personal  []string // what concerns one customer or one correspondent: "hotel", "user unknown"
}

var registered []*Language

// add registers a language; the file of each language calls it once.
func add(l Language) *Language {
	i, _ := slices.BinarySearchFunc(registered, l.Tag, func(e *Language, tag string) int { return strings.Compare(e.Tag, tag) })
	registered = slices.Insert(registered, i, &l)
	return &l
}

// All returns the languages, sorted by tag.
func All() []*Language { return slices.Clone(registered) }

// Of returns the language that serves a tag ("de-AT" and "de" are German), or
// nil when there is no file for it.
func Of(tag string) *Language {
	for _, want := range parents(tag) {
		want = canonical(want)
		for _, l := range registered {
			if l.Tag == want {
				return l
			}
		}
	}
	return nil
}

// Match returns the one of the offered tags that serves a reader who wants tag:
// itself, without its region or script ("de-AT" finds "de"), or another name
// of the same language ("no" finds "nb"); "" when none does. Case does not matter.
func Match(tag string, offered []string) string {
	for _, want := range parents(tag) {
		for _, o := range offered {
			if strings.EqualFold(o, want) {
				return o
			}
		}
	}
	for _, want := range parents(tag) {
		for _, o := range offered {
			if canonical(strings.ToLower(o)) == canonical(want) {
				return o
			}
		}
	}
	return ""
}

// parents returns the lower-case tag and what is left of it without its last
// subtags, as in the lookup of RFC 4647, section 3.4; nothing for "".
func parents(tag string) []string {
	var out []string
	tag = strings.ToLower(tag)
	for tag != "" {
		out = append(out, tag)
		i := strings.LastIndexByte(tag, '-')
		if i < 0 {
			break
		}
		tag = tag[:i]
	}
	return out
}

// canonical returns the tag of the language that the tag is an alias of.
func canonical(tag string) string {
	for _, l := range registered {
		if slices.Contains(l.Aliases, tag) {
			return l.Tag
		}
	}
	return tag
}

// words splits a list of words at its blanks.
func words(list string) []string { return strings.Fields(list) }

// phrases splits a list at commas and line breaks.
func phrases(list string) []string {
	var out []string
	for p := range strings.FieldsFuncSeq(list, func(r rune) bool { return r == ',' || r == '\n' }) {
		if p = strings.Join(strings.Fields(p), " "); p != "" {
			out = append(out, p)
		}
	}
	return out
}
