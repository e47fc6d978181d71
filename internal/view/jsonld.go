package view

// The structured data that search engines read (schema.org, as JSON-LD). A
// page has one of these in Chrome.JSONLD; html/template marshals it, so that
// no text can end the script element.

// WebSiteLD describes the site with its search.
type WebSiteLD struct {
	Context string    `json:"@context"`
	Type    string    `json:"@type"`
	Name    string    `json:"name"`
	URL     string    `json:"url"`
	Action  *ActionLD `json:"potentialAction,omitempty"`
}

// ActionLD is the search.
type ActionLD struct {
	Type   string `json:"@type"`
	Target string `json:"target"`
	Input  string `json:"query-input"`
}

// NewWebSiteLD takes absolute URLs; search holds {query}.
func NewWebSiteLD(name, url, search string) WebSiteLD {
	return WebSiteLD{
		Context: schema, Type: "WebSite", Name: name, URL: url,
		Action: &ActionLD{Type: "SearchAction", Target: search, Input: "required name=query"},
	}
}

// ArticleLD describes an article, and its place in the site.
type ArticleLD struct {
	Context     string    `json:"@context"`
	Type        string    `json:"@type"`
	Headline    string    `json:"headline"`
	Description string    `json:"description,omitempty"`
	URL         string    `json:"url"`
	Lang        string    `json:"inLanguage"`
	Published   string    `json:"datePublished,omitempty"`
	Modified    string    `json:"dateModified,omitempty"`
	Publisher   *OrgLD    `json:"publisher,omitempty"`
	Breadcrumb  *CrumbsLD `json:"breadcrumb,omitempty"`
}

// OrgLD is the provider.
type OrgLD struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url"`
}

// CrumbsLD is the path to a page.
type CrumbsLD struct {
	Type  string    `json:"@type"`
	Items []CrumbLD `json:"itemListElement"`
}

// CrumbLD is one step of the path.
type CrumbLD struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	Name     string `json:"name"`
	Item     string `json:"item"`
}

const schema = "https://schema.org"

// NewArticleLD describes a help article; dates are RFC 3339 or "".
func NewArticleLD(headline, description, url, lang, published, modified string, publisher OrgLD, crumbs []Link) ArticleLD {
	path := &CrumbsLD{Type: "BreadcrumbList", Items: []CrumbLD{}}
	for i, c := range crumbs {
		path.Items = append(path.Items, CrumbLD{Type: "ListItem", Position: i + 1, Name: c.Text, Item: c.URL})
	}
	publisher.Type = "Organization"
	return ArticleLD{
		Context: schema, Type: "TechArticle", Headline: headline, Description: description, URL: url, Lang: lang,
		Published: published, Modified: modified, Publisher: &publisher, Breadcrumb: path,
	}
}
