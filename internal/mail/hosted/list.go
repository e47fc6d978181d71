package hosted

import (
	"bytes"
	"strings"

	"signpost/internal/mail/address"
	"signpost/internal/problem"
)

// MaxList is the largest domains file that is read, in bytes.
const MaxList = 64 << 20

// ParseList reads a domains file: one domain a line, in either alphabet; blank
// lines and lines that begin with # are skipped. A line that is no domain is a
// warning and left out.
func ParseList(path string, src []byte) ([]string, problem.List) {
	var problems problem.List
	if len(src) > MaxList {
		problems.Errorf(path, 1, "", "the file has %d bytes; at most %d are read", len(src), MaxList)
		return nil, problems
	}
	var domains []string
	number := 0
	for raw := range bytes.Lines(src) {
		number++
		line := strings.TrimSpace(strings.TrimPrefix(string(raw), "\uFEFF"))
		if line == "" || line[0] == '#' {
			continue
		}
		d, err := address.ParseDomain(line)
		if err != nil {
			if len(problems) == 100 {
				problems.Warnf(path, number, "", "there are more such lines")
				break
			}
			problems.Warnf(path, number, "write one domain a line", "%.80q is not a domain: %v", line, err)
			continue
		}
		domains = append(domains, d)
	}
	return domains, problems
}
