package server

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"strings"

	"signpost/internal/problem"
	"signpost/internal/server/web"
	"signpost/internal/view"
)

// Admin returns the handler of the operators' listener: metrics, the problems
// of the content, the described servers and profiles. With a token, every request
// has to carry it as "Authorization: Bearer TOKEN". Without one it has to name a
// loopback host: no page in a browser on this machine can make its own host's name
// mean this listener.
func (s *Server) Admin(token string) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", s.app.Metrics.Handler())
	mux.HandleFunc("GET /problems", func(w http.ResponseWriter, r *http.Request) {
		list := s.app.Live.Snapshot().Problems
		if list == nil {
			list = problem.List{}
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(list)
	})
	mux.HandleFunc("GET /verify", s.setup.ServeVerified)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if token == "" {
			if !web.LoopbackName(web.HostName(r.Host)) {
				http.Error(w, "without a token this is answered on loopback names only", http.StatusMisdirectedRequest)
				return
			}
			mux.ServeHTTP(w, r)
			return
		}
		given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "the admin token is missing or wrong", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// health says that the program answers.
func health(r *web.Request) error {
	r.NoStore()
	r.Send(http.StatusOK, "text/plain; charset=utf-8", []byte("ok\n"))
	return nil
}

// ready says that the program wants requests: always but while it drains, as a
// good snapshot is always there.
func (s *Server) ready(r *web.Request) error {
	if !s.draining.Load() {
		return health(r)
	}
	r.NoStore()
	r.Send(http.StatusServiceUnavailable, "text/plain; charset=utf-8", []byte("draining\n"))
	return nil
}

// style shows every element, for those who work on the pages.
func style(r *web.Request) error {
	return r.SendFresh(http.StatusOK, view.NewStyle(r.Page.Chrome(""), r.Page.Words(), view.At(r.Page.Words(), r.Now)))
}
