package server

import (
	"net/http"
	"strconv"
	"strings"

	"signpost/internal/content/article"
	"signpost/internal/content/markdown"
	"signpost/internal/site"
)

// articleMarkdown is the article as CommonMark with absolute links.
func (r *request) articleMarkdown(a *article.Article) []byte {
	title, summary, _ := site.Head(r.readerIn(shownLang(a, r.lang)), a)
	shown, doc, rd := r.shownDoc(a)
	var b strings.Builder
	b.WriteString("# " + title + "\n\n")
	if summary != "" {
		b.WriteString("> " + summary + "\n\n")
	}
	if doc != nil {
		b.WriteString(doc.Markdown(rd, r.options(a, shown)))
	}
	b.WriteString("\n\n<" + r.absolute("/a/"+strconv.Itoa(a.ID)) + ">\n")
	return []byte(b.String())
}

func (r *request) options(a *article.Article, shown article.Shown) markdown.Options {
	return markdown.Options{
		Base: r.s.baseURL(r.snap), Self: r.root() + "/help/" + a.Slug,
		Texts: markdownTexts(r.s.texts.For(shown.Body.Lang)),
	}
}

// articleText is the article as plain text, wrapped for mail.
func (r *request) articleText(a *article.Article) []byte {
	title, _, _ := site.Head(r.readerIn(shownLang(a, r.lang)), a)
	shown, doc, rd := r.shownDoc(a)
	var b strings.Builder
	b.WriteString(title + "\n" + strings.Repeat("=", min(len([]rune(title)), 72)) + "\n\n")
	if doc != nil {
		o := r.options(a, shown)
		o.Width = 72
		b.WriteString(doc.Text(rd, o))
	}
	b.WriteString("\n\n" + r.absolute("/a/"+strconv.Itoa(a.ID)) + "\n")
	return []byte(b.String())
}

// An articleValue is an article in the API. Lists are never null.
type articleValue struct {
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

func (r *request) articleJSON(a *article.Article) articleValue {
	title, summary, _ := site.Head(r.readerIn(shownLang(a, r.lang)), a)
	shown, doc, rd := r.shownDoc(a)
	dates := r.snap.Library.Dates(a)
	v := articleValue{
		ID: a.ID, Slug: a.Slug, Title: title, Summary: summary, Category: a.Category, Lang: shown.Body.Lang, Languages: a.Languages(),
		URL: r.absolute(r.root() + "/help/" + a.Slug), Permalink: r.absolute("/a/" + strconv.Itoa(a.ID)),
		Platforms: list(a.Platforms), Services: list(a.Services), Published: day(dates.Published), Updated: day(dates.Updated),
		Revision: a.Rev, Sections: []sectionValue{}, Steps: []stepValue{},
	}
	if doc != nil {
		o := r.options(a, shown)
		v.HTML, v.Text, v.Markdown = string(doc.HTML(rd, o)), doc.Text(rd, o), doc.Markdown(rd, o)
		for _, h := range doc.Outline(rd) {
			v.Sections = append(v.Sections, sectionValue{h.Anchor, h.Text, h.Level})
		}
		for _, s := range doc.Steps(rd) {
			v.Steps = append(v.Steps, stepValue{s.Number, s.Anchor, s.Text, list(s.Platforms)})
		}
	}
	return v
}

// list returns an empty list instead of none, which JSON would call null.
func list(s []string) []string {
	if s == nil {
		return []string{}
	}
	return s
}

// articleAPI answers /api/v1/articles/ID.
func (r *request) articleAPI() error {
	a, _ := r.snap.Help.Find(r.Param("id"))
	if a == nil {
		if err := r.goneOr404(r.Param("id")); asHTTPError(err).Status == http.StatusGone {
			return &httpError{Status: http.StatusGone, Detail: "This article was removed."}
		}
		return &httpError{Status: http.StatusNotFound, Detail: "There is no article with this id."}
	}
	if lang := r.QueryParam("lang"); lang != "" {
		if !r.knows(lang) {
			return badRequest("lang is none of this site's languages")
		}
		r.lang = lang
	}
	r.open()
	return r.json("api article "+r.lang+" "+strconv.Itoa(a.ID), func() any { return r.articleJSON(a) })
}
