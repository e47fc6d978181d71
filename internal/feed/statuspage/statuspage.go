// Package statuspage writes the JSON of Statuspage's public API, version 2, so
// that programs made for it read this site.
package statuspage

import (
	"time"

	"signpost/internal/content/status"
)

// Names are the eight documents below /api/v2/.
var Names = []string{
	"status.json", "summary.json", "components.json", "incidents.json", "incidents/unresolved.json",
	"scheduled-maintenances.json", "scheduled-maintenances/active.json", "scheduled-maintenances/upcoming.json",
}

// A Page is what is written around the posts. URLs are absolute.
type Page struct {
	ID      string // never changes
	Name    string
	URL     string
	Lang    string
	Zone    *time.Location
	PostURL func(id string) string
	HTML    func(p *status.Post, b status.Body) string // safe HTML of a body
	Text    func(p *status.Post, b status.Body) string // plain text of a body
}

// Write returns the document of that name, one of [Names].
func Write(name string, p Page, b *status.Board, s *status.Situation) ([]byte, error) { return nil, nil }
