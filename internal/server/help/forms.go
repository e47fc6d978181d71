package help

import (
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/server/page"
	"signpost/internal/server/web"
)

// articleText is the article as plain text, wrapped for mail.
func articleText(e page.Context, a *article.Article) []byte {
	title, _, _ := e.Head(a)
	shown, doc, rd := e.ShownDoc(a)
	var b strings.Builder
	b.WriteString(title + "\n" + strings.Repeat("=", min(len([]rune(title)), 72)) + "\n\n")
	if doc != nil {
		o := e.MarkdownOptions(a, shown)
		o.Width = 72
		b.WriteString(doc.Text(rd, o))
	}
	b.WriteString("\n\n" + e.Absolute("/a/"+strconv.Itoa(a.ID)) + "\n")
	return []byte(b.String())
}

// An ArticleValue is an article in the API. Lists are never null.
type ArticleValue struct {
	ID        int            `json:"id"`
	Slug      string         `json:"slug"`
	Title     string         `json:"title"`
	Summary   string         `json:"summary"`
	Category  string         `json:"category"`
	Lang      string         `json:"lang"`      // of the text
	Languages []string       `json:"languages"` // that have a text of their own
	URL       string         `json:"url"`
	Permalink string         `json:"permalink"`
	Platforms []string       `json:"platforms"`
	Services  []string       `json:"services"`
	Published string         `json:"published,omitempty"` // date
	Updated   string         `json:"updated,omitempty"`   // date
	Revision  int            `json:"rev"`
	Sections  []sectionValue `json:"sections"`
	Steps     []stepValue    `json:"steps"`
	HTML      string         `json:"html"`
	Text      string         `json:"text"`
	Markdown  string         `json:"markdown"`
}

type stepValue struct {
	Number    int      `json:"number"`
	Anchor    string   `json:"anchor"`
	Text      string   `json:"text"`
	Platforms []string `json:"platforms"` // empty for all
}

type sectionValue struct {
	Anchor string `json:"anchor"`
	Title  string `json:"title"`
	Level  int    `json:"level"`
}

func articleJSON(e page.Context, a *article.Article) ArticleValue {
	title, summary, _ := e.Head(a)
	shown, doc, rd := e.ShownDoc(a)
	dates := e.Snap.Library.DatesIn(a, e.Lang)
	v := ArticleValue{
		ID: a.ID, Slug: a.Slug, Title: title, Summary: summary, Category: a.Category, Lang: shown.Body.Lang, Languages: a.Languages(),
		URL: e.Absolute(e.Root() + "/help/" + a.Slug), Permalink: e.Absolute("/a/" + strconv.Itoa(a.ID)),
		Platforms: web.List(a.Platforms), Services: web.List(a.Services), Published: page.Day(dates.Published), Updated: page.Day(dates.Updated),
		Revision: a.Rev, Sections: []sectionValue{}, Steps: []stepValue{},
	}
	if doc != nil {
		o := e.MarkdownOptions(a, shown)
		v.HTML, v.Text, v.Markdown = string(doc.HTML(rd, o)), doc.Text(rd, o), doc.Markdown(rd, o)
		for _, h := range doc.Outline(rd) {
			v.Sections = append(v.Sections, sectionValue{h.Anchor, h.Text, h.Level})
		}
		for _, s := range doc.Steps(rd) {
			v.Steps = append(v.Steps, stepValue{s.Number, s.Anchor, s.Text, web.List(s.Platforms)})
		}
	}
	return v
}

// ArticleAPI answers /api/v1/articles/ID.
func ArticleAPI(r *web.Request) error {
	a, _ := r.Page.Snap.Help.Find(r.Param("id"))
	if a == nil {
		if err := r.Missing(r.Param("id")); web.AsError(err).Status == http.StatusGone {
			return &web.Error{Status: http.StatusGone, Detail: "This article was removed."}
		}
		return &web.Error{Status: http.StatusNotFound, Detail: "There is no article with this id."}
	}
	if lang := r.QueryParam("lang"); lang != "" {
		if !r.Page.Knows(lang) {
			return web.BadRequest("lang is none of this site's languages")
		}
		r.Page.Lang = lang
	}
	r.Open()
	return r.SendCachedJSON("api article "+r.Page.Lang+" "+strconv.Itoa(a.ID), func() any { return articleJSON(r.Page, a) })
}
