package bounce

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// report is a notification with these groups of fields about receivers.
func report(groups ...string) string {
	return "Return-Path: <>\r\nDelivered-To: b-abc@bounces.example.com\r\nTo: <b-ABC@bounces.example.com>\r\nSubject: Undelivered\r\n" +
		"Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"b\"\r\n\r\nPreamble\r\n--b\r\nContent-Type: text/plain\r\n\r\nStatus: 5.1.1\r\n" +
		"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n" + strings.Join(groups, "\r\n") + "\r\n--b\r\n" +
		"Content-Type: message/rfc822\r\n\r\nFrom: status@example.com\r\n\r\nStatus: 5.1.2\r\n--b--\r\n"
}

func TestRead(t *testing.T) {
	for name, tt := range map[string]struct{ mail, status string }{
		"unknown user":     {report("Final-Recipient: rfc822; a@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n"), "5.1.1"},
		"with a comment":   {report("Action: FAILED\r\nStatus: 5.1.10 (null MX)\r\n"), "5.1.10"},
		"policy":           {report("Action: failed\r\nStatus: 5.7.1\r\nDiagnostic-Code: smtp; 550 5.1.1 looks like one\r\n"), "5.7.1"},
		"code in the text": {report("Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550-5.1.1 The account\r\n does not exist\r\n"), "5.1.1"},
		"folded":           {report("Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: smtp; 550\r\n 5.1.2 no such host\r\n"), "5.1.2"},
		"other system":     {report("Action: failed\r\nStatus: 5.0.0\r\nDiagnostic-Code: x-unix; 5.1.1\r\n"), "5.0.0"},
		"second receiver":  {report("Action: delayed\r\nStatus: 4.4.1\r\n", "Action: failed\r\nStatus: 5.2.2\r\n"), "5.2.2"},
		"full for now":     {report("Action: failed\r\nStatus: 4.2.2\r\n"), "4.2.2"},
		"delayed only":     {report("Action: delayed\r\nStatus: 4.4.1\r\n"), ""},
		"relayed":          {report("Action: relayed\r\nStatus: 2.1.5\r\n"), ""},
		"no code":          {report("Action: failed\r\n"), ""},
		"out of office":    {"To: b-abc@bounces.example.com\r\nContent-Type: text/plain\r\n\r\nI am away. Status: 5.1.1\r\n", ""},
		"no status part":   {"To: x@example.com\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n", ""},
		"receipt":          {strings.Replace(report("Action: failed\r\nStatus: 5.1.1\r\n"), "report-type=delivery-status", "report-type=disposition-notification", 1), ""},
		"empty":            {"", ""},
	} {
		got, err := Read(strings.NewReader(tt.mail))
		if tt.status == "" {
			if !errors.Is(err, ErrReport) {
				t.Errorf("%s: %+v %v", name, got, err)
			}
			continue
		}
		if d := cmp.Diff(Report{[]string{"b-abc@bounces.example.com", "b-ABC@bounces.example.com"}, tt.status}, got); d != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, d)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(report("Action: failed\r\nStatus: 5.1.1\r\n"))
	f.Add("Content-Type: multipart/report; report-type=delivery-status; boundary=\r\n\r\n----\r\n")
	f.Fuzz(func(t *testing.T, mail string) {
		r, err := Read(strings.NewReader(mail))
		if err == nil && !enhanced.MatchString(r.Status) {
			t.Errorf("%+v", r)
		}
	})
}
