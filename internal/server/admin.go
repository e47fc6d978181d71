package server

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"net/http/pprof"
	"strings"

	"signpost/internal/problem"
)

// Admin returns the handler of the operators' listener: metrics, the problems
// of the content, the described servers and profiles. With a token, every request has to carry it as
// "Authorization: Bearer TOKEN".
func (s *Server) Admin(token string) http.Handler {
	mux := http.NewServeMux()
	metrics := s.metrics.handler()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, r *http.Request) {
		for _, severity := range []problem.Severity{problem.Error, problem.Warning} {
			n := 0
			for _, p := range s.live.Snapshot().Problems {
				if p.Severity == severity {
					n++
				}
			}
			s.metrics.problems.WithLabelValues(string(severity)).Set(float64(n))
		}
		metrics.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /problems", func(w http.ResponseWriter, r *http.Request) {
		list := s.live.Snapshot().Problems
		if list == nil {
			list = problem.List{}
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(list)
	})
	mux.HandleFunc("GET /verify", s.adminVerify)
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	if token == "" {
		return mux
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(token)) != 1 {
			w.Header().Set("WWW-Authenticate", "Bearer")
			http.Error(w, "the admin token is missing or wrong", http.StatusUnauthorized)
			return
		}
		mux.ServeHTTP(w, r)
	})
}
