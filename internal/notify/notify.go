// Package notify says who must hear of a change on the status page, by e-mail,
// webhook or chat: the words that the packages around it share.
//
// A [Subscription] is somebody who asked to be told and confirmed it; a [Store]
// keeps them. An [Event] is one thing to tell of a post. Package intent finds
// the events that nobody was told yet, package delivery hands a [Message] for
// each subscription to the [Sender] of its [Channel].
//
// Guarantees: a message is delivered at least once, always with the same ID;
// nothing is sent to a subscription that has ended; all content that was there
// when notices began, and all that is older than six hours, counts as told.
package notify

import (
	"context"
	"errors"
	"slices"
	"time"
)

// A Channel is the way by which a subscription is told.
type Channel string

// The channels. Targets of all but Mail are https URLs, which are secrets.
const (
	Mail       Channel = "mail"    // an address, a@b, the domain as A-labels
	Webhook    Channel = "webhook" // Standard Webhooks
	Slack      Channel = "slack"
	Teams      Channel = "teams" // a workflow's URL
	Mattermost Channel = "mattermost"
	Ntfy       Channel = "ntfy" // the URL of a topic
)

// Channels are all channels.
func Channels() []Channel { return []Channel{Mail, Webhook, Slack, Teams, Mattermost, Ntfy} }

// A Choice is what a subscriber wants to hear, and how.
type Choice struct {
	Components []string // ids; empty: all
	Posts      []string // kinds of post: incident, maintenance, notice; empty: all
	Language   string   // a language of the site
	Zone       string   // IANA name; "" is the site's zone
}

// Wants reports whether a post of the kind that touches the components is to be
// told. A post that touches none concerns everybody.
func (c Choice) Wants(kind string, components []string) bool {
	if len(c.Posts) > 0 && !slices.Contains(c.Posts, kind) {
		return false
	}
	return len(c.Components) == 0 || len(components) == 0 ||
		slices.ContainsFunc(components, func(id string) bool { return slices.Contains(c.Components, id) })
}

// A Proof says how somebody agreed to be told.
type Proof struct {
	At       time.Time // when the subscription was confirmed, or imported
	Version  string    // of the text that was agreed to; the source of an import
	Language string    // of that text
}

// A Request is what somebody asks for in the form, before it is confirmed.
type Request struct {
	Channel Channel
	Target  string
	Choice
	Consent string // version of the text that the form shows
	Owner   string // id of the mail subscription from whose page a webhook or chat is added; "" for mail and the operator
}

// A Subscription is a confirmed one.
type Subscription struct {
	ID      string // random; names it in deliveries and bounces
	Channel Channel
	Target  string // in clear; [Store.List] masks what is secret
	Choice
	Created   time.Time // when it was asked for
	Confirmed time.Time
	Proof     Proof
	Owner     string    // see [Request]
	Off       time.Time // when it was turned off after a day of failures; zero: it is on
	Leave     string    // token of /status/unsubscribe/TOKEN: never expires, can only end the subscription
	Manage    string    // token of /status/subscribe/TOKEN: shows, changes and ends it
}

// A Kind is what an event tells.
type Kind string

// The kinds of events. A correction of a text has none: nobody is told.
const (
	First      Kind = "first"      // an incident or notice begins, or an incident is reopened
	Update     Kind = "update"     // something new about it; also work that has started
	Resolved   Kind = "resolved"   // it is over; also completed work
	Planned    Kind = "planned"    // work is announced
	Moved      Kind = "moved"      // its window has changed
	Cancelled  Kind = "cancelled"  // it will not be done
	Reminder   Kind = "reminder"   // it begins in 24 hours
	Postmortem Kind = "postmortem" // what it was
	Confirm    Kind = "confirm"    // no event of a post: the message that asks for a confirmation
)

// An Event is one thing to tell of a post. intent.Fact finds the fact of the
// Timeline that it stands for.
type Event struct {
	Post   string // its id; "" for Confirm
	Update string // id of the update; "reminder-…" and "moved-…" with an instant are made
	Kind   Kind
	// What decides who is told.
	PostKind   string    // incident, maintenance or notice
	Components []string  // that the post touches; empty: concerns everybody
	At         time.Time // when the public was told
}

// Fresh is how old an event may be to be told: content that is older was imported,
// or lay about while nobody could be told.
const Fresh = 6 * time.Hour

// A Message is what a [Sender] is handed: one event, or several of one post, for
// one subscription. Handed over again, it is the same.
type Message struct {
	ID           string   // [a-z2-7]{26}; the webhook-id, and the Message-ID without its domain
	Thread       string   // ID of the first message of the post to this subscription; equal to ID for the first
	Event        Event    // the newest of those told
	Told         []string // ids of all updates that this message tells, oldest first; the last is Event.Update's
	Subscription Subscription
	Return       string    // local part of the envelope's sender (VERP), "b-…"; "" for webhook and chat
	Date         time.Time // when it was decided to tell; the same for every attempt
	Attempt      int       // from 1
	// Of Kind Confirm: the token of /status/subscribe/TOKEN that confirms, valid for 48
	// hours. Subscription then holds only Channel, Target and Choice.
	Confirm string
	// Late is set for a message that tells what was under way when the person subscribed.
	Late bool
}

// A Sender hands messages of one channel over. A nil error says that the
// receiver is responsible from now on. Other errors may be an *[Error]; those
// that are not count as passing.
//
// A Sender of webhooks proves a target with a challenge when it is handed a
// message of Kind Confirm: nil then confirms the subscription.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// An Error says why a message was not taken.
type Error struct {
	Permanent bool   // the same message will not be taken later either
	Relay     bool   // nothing can be sent at all: the relay cannot be reached or refuses us
	Status    string // enhanced status code of RFC 3463 that the relay gave for the receiver, or ""
	Err       error
}

// Error implements error.
func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errors of a [Store] that callers tell apart. A database that cannot be used
// is state.ErrUnavailable.
var (
	ErrTarget  = errors.New("the address cannot be told")               // malformed, or no target of its channel
	ErrRole    = errors.New("a role address cannot be subscribed")      // abuse@, postmaster@ …
	ErrLink    = errors.New("the link is damaged or was not made here") // also when its subscription has ended
	ErrExpired = errors.New("the link has expired")
	ErrUsed    = errors.New("the link was used already")
	ErrNobody  = errors.New("there is no such subscription")
	ErrTooMany = errors.New("there are too many subscriptions of this kind") // webhooks and chats per owner
	ErrChoice  = errors.New("a choice is not understood")
)

// A Count is a number of subscriptions.
type Count struct {
	Channel  Channel
	Language string
	N        int
}

// A Progress says how far the telling of a post's latest events is.
type Progress struct {
	Held      []Held // events that wait for their hold or for others, soonest first
	Waiting   int    // messages that are queued
	Delivered int    // messages that were handed over, of all events of the post
	Failed    int    // messages that will not be delivered
}

// A Held event has been found and not been told yet.
type Held struct {
	Event
	Due time.Time // when it is told
}

// A Store keeps subscriptions and what they are to be told. Its methods wait for
// the database but for Leave and Silence, which work without it.
type Store interface {
	// Ask takes a request. Whether the target is known already or asked too often
	// today does not show: the error is nil then too. Errors: ErrTarget, ErrRole,
	// ErrTooMany, ErrChoice.
	Ask(ctx context.Context, r Request, now time.Time) error
	// Requested returns what a confirmation token asks for, for the page with the
	// button. Errors: ErrLink, ErrExpired, ErrUsed.
	Requested(ctx context.Context, token string, now time.Time) (Request, error)
	// Confirm begins or changes the subscription of a confirmation token, and queues
	// what is under way (intent.UnderWay) for a new one. Errors like Requested.
	Confirm(ctx context.Context, token string, underWay []Event, now time.Time) (Subscription, error)
	// Find returns the subscription of a Manage token. Errors: ErrLink.
	Find(ctx context.Context, manage string, now time.Time) (Subscription, error)
	// Owned returns the webhooks and chats that were added from a subscription's page;
	// targets are masked.
	Owned(ctx context.Context, owner string) ([]Subscription, error)
	// Change sets a new choice. Errors: ErrLink, ErrChoice.
	Change(ctx context.Context, manage string, c Choice, now time.Time) (Subscription, error)
	// Leave ends the subscription of a Leave token, now and for good. It is on the
	// disk before it returns, and does not need the database. A token that is not
	// known is no error.
	Leave(ctx context.Context, token string, now time.Time) error
	// End ends the subscription with this id; for a manage page and the operator.
	// Errors: ErrNobody.
	End(ctx context.Context, id string, now time.Time) error
	// List yields all subscriptions in the order in which they were confirmed, those
	// of one channel unless it is "". Secret targets are masked.
	List(ctx context.Context, c Channel) ([]Subscription, error)
	// Counts returns how many subscriptions there are.
	Counts(ctx context.Context) ([]Count, error)
	// Reach returns how many subscriptions would be told an event, by channel.
	Reach(ctx context.Context, e Event) (map[Channel]int, error)
	// Progress returns how far the telling of a post is.
	Progress(ctx context.Context, post string) (Progress, error)
	// Silence takes back what was not sent yet of an update and what would be told of it:
	// "stop" during the hold, and "do not notify". An update "" means all of the post. It is
	// on the disk before it returns, and does not need the database.
	Silence(ctx context.Context, post, update string, now time.Time) error
}
