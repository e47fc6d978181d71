package web

import (
	"net/http"
	"strings"
)

// programs are parts of the User-Agent of what is no reader: search engines,
// previews, the mail gateways that open every link, and libraries.
var programs = []string{
	"bot/", "bot;", "bot)", "bot ", "bot-", "crawl", "spider", "slurp", "scan", "preview", "prefetch", "proxy", "monitor", "check", "facebookexternalhit",
	"barracuda", "proofpoint", "mimecast", "safelinks", "curl/", "wget/", "python", "java/", "libwww", "okhttp", "go-http-client", "apache-httpclient", "node-fetch", "axios",
}

// Human reports whether a person's browser shows the answer as a page now.
func (r *Request) Human() bool {
	h := r.Request().Header
	agent := strings.ToLower(h.Get("User-Agent"))
	if r.Request().Method == http.MethodHead || agent == "" || strings.HasSuffix(agent, "bot") {
		return false
	}
	agent = strings.ReplaceAll(agent, "cubot ", "") // a telephone
	for _, part := range programs {
		if strings.Contains(agent, part) {
			return false
		}
	}
	for _, name := range []string{"Purpose", "Sec-Purpose", "X-Purpose", "X-Moz"} {
		if v := strings.ToLower(h.Get(name)); strings.Contains(v, "prefetch") || strings.Contains(v, "prerender") || strings.Contains(v, "preview") {
			return false
		}
	}
	dest := h.Get("Sec-Fetch-Dest")
	return dest == "" || dest == "document"
}
