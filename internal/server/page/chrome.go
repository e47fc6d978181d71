package page

import (
	"cmp"

	"signpost/internal/content"
	"signpost/internal/view"
)

// AgentChrome is chrome for pages that only agents see: without the operator's
// stylesheet and links, and not for search engines.
func (e Context) AgentChrome() view.Chrome {
	c := e.Chrome("")
	c.Site.CSS, c.Site.Header, c.Site.Footer = "", nil, nil
	c.Robots, c.Canonical, c.Alternates, c.Feeds, c.Site.Legal = "noindex", "", nil, nil, nil
	for i := range c.Alerts {
		c.Alerts[i].Follow = "" // for readers
	}
	return c
}

// Chrome returns what surrounds every page. path is the page's own path without
// the language, "" for a page that has none.
func (e Context) Chrome(path string) view.Chrome {
	s := e.Snap.Library.Site
	c := view.Chrome{Lang: e.Lang, Root: e.Root(), Site: e.siteChrome(), Alerts: e.alerts()}
	langs := e.Snap.Languages()
	for _, lang := range langs {
		u := e.RootIn(lang) + cmp.Or(path, "/")
		if u == "" {
			u = "/"
		}
		c.Languages = append(c.Languages, view.LanguageLink{Lang: lang, Name: e.WordsIn(lang).Name, URL: u, Current: lang == e.Lang})
		if path != "" && len(langs) > 1 {
			c.Alternates = append(c.Alternates, view.Alternate{Lang: lang, URL: e.Absolute(u)})
		}
	}
	if path != "" {
		c.Canonical = e.Absolute(e.Root() + path)
		if len(langs) > 1 {
			c.Alternates = append(c.Alternates, view.Alternate{Lang: "x-default", URL: e.Absolute(path)})
		}
	}
	c.Feeds = []view.Feed{
		{Title: s.Name + ": " + e.Words().T("feed.help"), Type: "application/atom+xml", URL: e.Root() + "/help/feed.atom"},
		{Title: s.Name + ": " + e.Words().T("feed.status"), Type: "application/atom+xml", URL: e.Root() + "/status/feed.atom"},
	}
	return c
}

func (e Context) siteChrome() view.Site {
	s := e.Snap.Library.Site
	v := view.Site{
		Name: s.Name, URL: e.Base(), Sample: e.Snap.Sample,
		Contact: e.ContactWays().Any(), Setup: e.Snap.Library.Provider() != nil, Notices: e.by.notices,
	}
	for _, link := range []struct{ key, url string }{{"imprint", s.Legal.Imprint}, {"privacy", s.Legal.Privacy}, {"accessibility", s.Legal.Accessibility}} {
		if link.url != "" {
			v.Legal = append(v.Legal, view.Link{Text: e.Words().T("legal." + link.key), URL: link.url})
		}
	}
	if a := s.Theme.Accent; a != "" {
		if _, err := e.ThemeCSS(); err == nil { // check and the log say why not
			v.ThemeCSS = "/theme.css?v=" + ThemeVersion(a)
		}
	}
	if f := e.Snap.Library.Files[s.Theme.Logo]; f != nil {
		v.Logo, v.LogoW, v.LogoH = content.FileURL(f), f.Width, f.Height
		if v.LogoH > 40 { // as high as the header is; the browser scales it
			v.LogoW, v.LogoH = v.LogoW*40/v.LogoH, 40
		}
	}
	if f := e.Snap.Library.Files[s.Theme.CSS]; f != nil {
		v.CSS = content.FileURL(f)
	}
	for _, l := range s.Theme.Links {
		link := view.Link{Text: cmp.Or(l.Text[e.Lang], l.Text[s.Languages[0]], l.URL), URL: l.URL}
		if l.Place == "header" {
			v.Header = append(v.Header, link)
		} else {
			v.Footer = append(v.Footer, link)
		}
	}
	return v
}

// ContactWays are the ways to reach a person, as far as the site names any.
func (e Context) ContactWays() view.ContactWays {
	c := e.Snap.Library.Site.Contact
	return view.ContactWays{Hours: cmp.Or(c.Hours[e.Lang], c.Hours[e.Snap.DefaultLanguage()]), Phone: c.Phone, Email: c.Email, URL: c.URL}
}

// Unlisted makes a page one that belongs to its visitor alone.
func Unlisted(c view.Chrome) view.Chrome {
	c.Canonical, c.Alternates, c.Robots = "", nil, "noindex"
	return c
}
