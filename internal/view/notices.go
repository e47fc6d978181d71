package view

// Subscribe is /status/subscribe, and the page of a confirmed subscription.
type Subscribe struct {
	Chrome
	Intro   string
	Done    string // what has just been done, ""
	Error   string
	Wrong   string // the field that the error is about: address, zone or target
	Form    NoticeForm
	Targets *Targets // webhooks and chats; nil: not offered before an address is confirmed
}

// NoticeForm is what somebody wants to be told.
type NoticeForm struct {
	Action     string
	Asks       bool   // for an address
	Address    string // as typed
	Doubt      string // why the address may be a bad choice; "" when it is fine
	Meant      string // the address that may be meant, ""
	Open       bool   // what can be chosen is not folded
	Components []Choice
	Kinds      []Choice
	Languages  []Choice
	Zone       string // IANA name
}

// Targets are the webhooks and chats of a subscription.
type Targets struct {
	List     []Target
	Channels []Choice
	URL      string // as typed
	Secret   string // that signs webhooks
}

// Target is a webhook or chat.
type Target struct {
	ID   string
	Name string // "Slack, https://hooks.slack.com/…"
	Off  bool   // turned off after a day of failures
}

func (p *Subscribe) page() (string, *Chrome) { return "subscribe", &p.Chrome }

// Told is who is told of a post, for the agent who writes it.
type Told struct {
	Reach  string // who would be told
	Mail   string // subject and text of the mail, ""
	Held   []HeldNotice
	Counts string // delivered, failed and waiting, ""
	Waits  string // why notices wait, ""
}

// HeldNotice is told in a moment, unless it is stopped.
type HeldNotice struct {
	Text  string
	Value string // of the button that stops it
}
