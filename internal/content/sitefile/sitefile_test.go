package sitefile

import "testing"

func TestAddresses(t *testing.T) {
	s, problems := Parse([]byte("name: Example\nsender: status@example.com\ncontact_to: agents@example.com\ncontact: {email: help@example.com}\n"))
	if s == nil || s.Sender != "status@example.com" || s.ContactTo != "agents@example.com" || s.Contact.Email != "help@example.com" {
		t.Errorf("%+v %v", s, problems)
	}
}
