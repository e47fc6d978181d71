package server

import "strings"

// Routes lists what is answered: "GET /help/:slug".
func (s *Server) Routes() []string {
	var list []string
	for _, r := range s.table() {
		for _, method := range strings.Fields(r.Methods) {
			list = append(list, method+" "+r.Path)
			if method == "GET" {
				list = append(list, "HEAD "+r.Path)
			}
		}
	}
	return list
}
