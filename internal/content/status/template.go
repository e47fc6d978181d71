package status

// A Template is a post to start from.
type Template struct {
	Name  string // outage, degraded, maintenance, spam, security, supplier
	Kind  Kind
	Title string
	Text  string
}

// Templates returns the templates in a language, English when there are none.
func Templates(lang string) []Template { return nil }
