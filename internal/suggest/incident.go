package suggest

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"signpost/internal/content"
	"signpost/internal/content/markdown"
	"signpost/internal/content/status"
	"signpost/internal/lang"
	"signpost/internal/search"
	"signpost/internal/site"
	"signpost/internal/ticket"
)

// A level says how well an incident explains a message.
type level int

const (
	open  level = iota // nothing in the message speaks for it
	might              // a symptom beside a wish, or a failure of an unnamed part
	fits               // a symptom of a part that it touches, and no sign of another wish
)

// fresh is how long after its beginning an incident is offered for every failure
// that it could explain: customers cannot describe yet what nobody has told them.
const fresh = 30 * time.Minute

// An Incident is an open post that explains a ticket.
type Incident struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"` // incident, maintenance or notice
	State   string   `json:"state"`
	Impact  string   `json:"impact"` // none, minor, major or critical
	Title   string   `json:"title"`
	URL     string   `json:"url"` // site-relative
	Snippet string   `json:"snippet"`
	Why     []string `json:"why"` // "says: SYMPTOM, SYMPTOM", or "names: WORD, WORD" for a notice
	Tag     string   `json:"tag"` // "incident-ID", to find its tickets again in a ticket system
}

// An OpenIncident is an open post that the ticket does not clearly speak of.
type OpenIncident struct {
	ID    string   `json:"id"`
	Title string   `json:"title"`
	Since string   `json:"since"` // instant (RFC 3339) or day; "" when not known
	Maybe bool     `json:"maybe"` // it might explain the ticket
	URL   string   `json:"url"`   // site-relative
	Why   []string `json:"why"`   // of one that might
	Tag   string   `json:"tag"`
}

// incidents returns the open posts that explain the ticket, and all others,
// those that might first.
func incidents(s *site.Snapshot, t ticket.Ticket, q search.Ticket, first *ArticleResult, in string) ([]Incident, []OpenIncident) {
	c := complain(cmp.Or(t.Lang, in), t.Subject+"\n"+t.Text, describedHosts(s.Library))
	q.Kind, q.Limit, q.Lang = search.Incident, maxPost, cmp.Or(q.Lang, in)
	named := map[string][]string{}
	for _, hit := range s.Index.Suggest(q) {
		if p, ok := s.PostOf(hit.Doc); ok {
			named[p.ID] = ownWords(hit, s.Library)
		}
	}
	explain, others := []Incident{}, []OpenIncident{}
	for _, p := range s.Board.Posts {
		if p.Phase != status.Open {
			continue
		}
		title, _ := markdown.Substitute(p.Title.In(in), s.Reader(p.Lang, nil).Value)
		url, tag := root(s, in)+"/status/"+p.ID, "incident-"+p.ID
		l, why := judge(s, p, c, named[p.ID])
		if l == open && first != nil && first.Fit == Strong && slices.Contains(p.Help, first.Slug) && len(c.failure) > 0 && !c.solved && !c.own {
			l, why = might, []string{"says: " + strings.Join(c.failure[:min(3, len(c.failure))], ", ")}
		}
		if l == fits && len(explain) < maxPost {
			explain = append(explain, Incident{
				ID: p.ID, Kind: string(p.Kind), State: string(p.State), Impact: p.Impact.String(), Title: title, URL: url, Why: why, Tag: tag,
			})
			continue
		}
		others = append(others, OpenIncident{ID: p.ID, Title: title, Since: p.Began.String(), Maybe: l == might, URL: url, Why: append([]string{}, why...), Tag: tag})
	}
	slices.SortStableFunc(others, func(a, b OpenIncident) int {
		switch {
		case a.Maybe == b.Maybe:
			return 0
		case a.Maybe:
			return -1
		}
		return 1
	})
	return explain, others
}

// Explaining returns the open posts that explain what a customer asks in a
// search, as [For] tells them for customers. A search of a few words that says
// only that something fails is about whatever of the mail service is down, and one that is
// just the name of a part about that part.
func Explaining(s *site.Snapshot, text, in string) []status.PostState {
	var out []status.PostState
	c := complain(cmp.Or(ticket.Language(text), in), text, describedHosts(s.Library))
	words := len(wordsOf(text))
	for _, p := range s.Board.Posts {
		if p.Phase != status.Open {
			continue
		}
		l, _ := judge(s, p, c, nil)
		if l == open && len(c.failing) == 0 && !c.wish && !c.own && !c.solved {
			brief := words <= fewWords && len(c.named) == 0 && (c.outage || len(c.failure) > 0)
			for _, part := range partsOf(s, p) {
				if brief && slices.Contains(mailParts, part) || words <= nameWords && c.named[part] {
					l = fits
				}
			}
		}
		if l == fits {
			out = append(out, p)
		}
	}
	return out
}

const (
	fewWords  = 6 // of a search that can say no more than that something fails
	nameWords = 2 // of one that is the name of a part
)

// judge says how well a post explains a complaint. own are words of the post
// that the ticket has.
func judge(s *site.Snapshot, p status.PostState, c complaint, own []string) (level, []string) {
	if p.Kind == status.Notice || len(p.Effects) == 0 {
		if len(own) > 1 {
			return fits, []string{"names: " + strings.Join(own, ", ")}
		}
		return open, nil
	}
	if c.solved {
		return open, nil
	}
	parts := partsOf(s, p)
	if len(c.refused) > 0 && saysRefused(p) && c.about(parts) {
		why := []string{"says: " + c.refused[0]}
		if c.changed || c.wish && !c.cue {
			return might, why
		}
		return fits, why
	}
	var words []string
	for _, part := range parts {
		words = append(words, c.failing[part]...)
	}
	slices.Sort(words)
	words = slices.Compact(words)
	started := !p.Began.Time.IsZero() && s.At.Sub(p.Began.Time) < fresh
	switch {
	case len(words) > 0:
		why := []string{"says: " + strings.Join(words[:min(3, len(words))], ", ")}
		if c.own && !c.cue && !started {
			return open, nil
		}
		if c.own || c.wish && !c.cue {
			return might, why
		}
		return fits, why
	case started && len(c.failure) > 0 && len(c.failing) == 0 && c.mail && slices.ContainsFunc(parts, func(l lang.Part) bool {
		return slices.Contains(mailParts, l) && !c.working[l]
	}):
		return might, []string{"says: " + strings.Join(c.failure[:min(3, len(c.failure))], ", ")}
	}
	return open, nil
}

// saysRefused reports whether a post itself says that passwords are not taken.
// That makes a wrong password its symptom, which is the customer's own matter
// otherwise.
func saysRefused(p status.PostState) bool {
	var text []string
	for _, title := range p.Title {
		text = append(text, title)
	}
	for _, u := range p.Updates {
		text = append(text, u.Body.Source)
		for _, b := range u.Bodies {
			text = append(text, b.Source)
		}
	}
	words := wordsOf(strings.Join(text, " | "))
	for _, v := range vocabularies() {
		if v.refused.in(words) {
			return true
		}
	}
	return false
}

// about reports whether the message can be about one of the parts: it names one
// of them, or none but that it cannot sign in.
func (c complaint) about(parts []lang.Part) bool {
	named := 0
	for _, p := range lang.Parts() {
		if c.named[p] && slices.Contains(parts, p) {
			return true
		}
		if c.named[p] && p != lang.SignIn {
			named++
		}
	}
	return named == 0 && slices.ContainsFunc(parts, func(p lang.Part) bool { return p == lang.SignIn || slices.Contains(mailParts, p) })
}

// partsOf are the parts of the service that a post touches.
func partsOf(s *site.Snapshot, p status.PostState) []lang.Part {
	var out []lang.Part
	for _, e := range p.Effects {
		for _, c := range s.Library.Site.Components {
			if c.ID == e.Component || c.Group == e.Component {
				out = append(out, componentParts(c)...)
			}
		}
	}
	return out
}

// componentParts are the parts that a component stands for: its services, the part that
// its id names, or the parts that customers call by its name.
func componentParts(c status.Component) []lang.Part {
	var out []lang.Part
	for _, p := range lang.Parts() {
		if slices.Contains(c.Services, string(p)) || c.ID == string(p) {
			out = append(out, p)
		}
	}
	if len(out) > 0 {
		return out
	}
	for tag, v := range vocabularies() {
		words := wordsOf(c.ID + " , " + c.Name[tag])
		for _, p := range lang.Parts() {
			if v.names[p].in(words) && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	}
	return out
}

// describedHosts are the hosts of the provider files with the names that
// customers know their services by.
func describedHosts(l *content.Library) map[string]string {
	out := map[string]string{}
	for _, p := range l.Providers {
		for _, service := range p.Services {
			if service.Host != "" {
				out[service.Host] = map[string]string{"pop3": "pop", "submit": "smtp"}[string(service.Use)]
				if out[service.Host] == "" {
					out[service.Host] = string(service.Use)
				}
			}
		}
	}
	return out
}

// ownWords are the words that a ticket shares with the title or the text of a
// post, those left out that name a component.
func ownWords(hit search.Hit, l *content.Library) []string {
	common := map[string]bool{}
	for _, c := range l.Site.Components {
		for _, name := range c.Name {
			for _, w := range wordsOf(name) {
				common[w] = true
			}
		}
	}
	var out []string
	for _, why := range hit.Why {
		word, _, _ := strings.Cut(why, " = ")
		if !common[word] && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}
