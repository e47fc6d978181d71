package dnsrecord

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Parse reads lines as [Zone] prints them: "name ttl IN type data". Comments
// and blank lines are skipped.
func Parse(zone []byte) ([]Record, error) {
	var records []Record
	for i, line := range strings.Split(string(zone), "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == ';' {
			continue
		}
		r, err := parseLine(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+1, err)
		}
		records = append(records, r)
	}
	return records, nil
}

func parseLine(line string) (Record, error) {
	f := strings.Fields(line)
	if len(f) < 5 || f[2] != "IN" {
		return Record{}, fmt.Errorf("a record is \"name ttl IN type data\", not %q", line)
	}
	var bad error
	number := func(s string) int {
		n, err := strconv.ParseUint(s, 10, 31)
		bad = cmp.Or(bad, err)
		return int(n)
	}
	r := Record{Name: strings.TrimSuffix(f[0], "."), TTL: number(f[1]), Type: Type(f[3])}
	bad = cmp.Or(bad, checkName(r.Name))
	data := f[4:]
	want := map[Type]int{SRV: 4, MX: 2, CNAME: 1, TXT: len(data)}[r.Type]
	if len(data) != want {
		return Record{}, fmt.Errorf("the data of %s %q is not understood", r.Type, line)
	}
	switch r.Type {
	case SRV:
		r.Priority, r.Weight, r.Port = number(data[0]), number(data[1]), number(data[2])
	case MX:
		r.Priority = number(data[0])
	case TXT:
		at := strings.IndexByte(line, '"')
		if data[0][0] != '"' {
			return Record{}, fmt.Errorf("the text of %q is not in quotes", line)
		}
		text, err := unquote(line[at:])
		r.Text, bad = text, cmp.Or(bad, err)
		return r, bad
	}
	r.Target = data[len(data)-1]
	if r.Target != "." {
		r.Target = strings.TrimSuffix(r.Target, ".")
		bad = cmp.Or(bad, checkName(r.Target))
	}
	return r, bad
}

// checkName refuses empty labels and characters that need escapes.
func checkName(name string) error {
	for label := range strings.SplitSeq(name, ".") {
		if label == "" || strings.Trim(strings.ToLower(label), "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return fmt.Errorf("%q is not a name", name)
		}
	}
	return nil
}

func unquote(s string) (string, error) {
	var b strings.Builder
	inside := false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			inside = !inside
		case !inside && c != ' ':
			return "", fmt.Errorf("text outside quotes: %q", s[i:])
		case !inside:
		case c == '\\' && i+3 < len(s) && s[i+1] >= '0' && s[i+1] <= '2':
			n, err := strconv.ParseUint(s[i+1:i+4], 10, 8)
			if err != nil {
				return "", err
			}
			b.WriteByte(byte(n))
			i += 3
		case c == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		default:
			b.WriteByte(c)
		}
	}
	if inside {
		return "", fmt.Errorf("the quotes of %q are not closed", s)
	}
	return b.String(), nil
}
