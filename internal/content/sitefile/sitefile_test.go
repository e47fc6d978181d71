package sitefile

import "testing"

func TestAddresses(t *testing.T) {
	s, problems := Parse([]byte("name: Example\nsender: status@example.com\ncontact_to: agents@example.com\ncontact: {email: help@example.com}\n"))
	if s == nil || s.Sender != "status@example.com" || s.ContactTo != "agents@example.com" || s.Contact.Email != "help@example.com" {
		t.Errorf("%+v %v", s, problems)
	}
}

func TestLegal(t *testing.T) {
	s, problems := Parse([]byte("name: Example\nlegal:\n  imprint: https://www.example.com/imprint\n  privacy: www.example.com/privacy\n"))
	if s == nil || s.Legal != (Legal{Imprint: "https://www.example.com/imprint"}) {
		t.Fatalf("%+v", s)
	}
	if len(problems) != 1 || problems[0].Line != 4 {
		t.Errorf("%v", problems)
	}
}
