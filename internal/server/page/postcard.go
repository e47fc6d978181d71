package page

import (
	"signpost/internal/content/status"
	"signpost/internal/view"
)

// PostCard is an open or upcoming post with its newest update.
func (e Context) PostCard(p status.PostState) view.PostCard {
	l := e.Words()
	c := view.PostCard{PostLink: e.PostLink(p), Mail: MailSentence(l, p.Mail), Expect: e.PostText(p.Post, p.Expect)}
	if n := len(p.Updates); n > 0 {
		last := p.Updates[n-1]
		for _, b := range p.TextOf(last, e.Lang) {
			if lang := p.BodyLang(b); lang != e.Lang {
				c.BodyLang = lang
			}
			c.Body += e.PostHTML(p.Post, b, last.ID+"-card-")
		}
		c.Updated = Moment(l, last.At)
	}
	c.Affected = e.Affected(p)
	c.Unaffected = e.ComponentNames(p.Unaffected)
	c.ETA, c.Next = e.ETA(p), e.NextUpdate(p)
	c.Help = e.HelpLinks(p.Post)
	return c
}

// Affected says what a post does to components: now, or, when it is over or
// to come, as it was announced.
func (e Context) Affected(p status.PostState) []view.Affect {
	effects := p.Effects
	if p.Phase != status.Open || len(effects) == 0 {
		effects = p.Affects
	}
	var list []view.Affect
	for _, effect := range effects {
		names := e.ComponentNames([]string{effect.Component})
		if len(names) == 0 {
			continue
		}
		lv := Level(effect.Condition)
		if p.Kind == status.Maintenance && effect.Condition == status.Operational && p.Phase != status.Open {
			lv = view.LevelMaintenance
		}
		a := view.Affect{Name: names[0], Level: lv, StateWord: e.Words().T("level." + lv)}
		if p.Kind == status.Notice && effect.Condition == status.Operational {
			a.Level, a.StateWord = view.LevelNotice, "" // what it is about, not that it works
		}
		list = append(list, a)
	}
	return list
}

// HelpLinks are the articles that a post names, as far as customers may see them.
func (e Context) HelpLinks(p *status.Post) []view.ArticleLink {
	var list []view.ArticleLink
	for _, slug := range p.Help {
		if a, _ := e.Snap.Help.Find(slug); a != nil {
			list = append(list, e.ArticleLink(a))
		}
	}
	return list
}
