package hosted

import "testing"

func TestMeant(t *testing.T) {
	own := []string{"example.com", "post.example.net", "xn--bcher-kva.example"}
	for typed, want := range map[string]string{
		"exmaple.com": "example.com", "example.con": "example.com", "examplecom": "example.com", "example,com": "example.com", "example": "example.com",
		"Example.Com.": "example.com", "exampel.co": "example.com", "post.exmaple.net": "post.example.net",
		"gmial.com": "gmail.com", "gmail.con": "gmail.com", "hotnail.com": "hotmail.com", "gmx.d": "gmx.de", "gmail": "gmail.com", "yaho.com": "yahoo.com",
		"gmail.com": "", "mail.com": "", "ymail.com": "", "me.com": "", "customer.test": "", "nowhere.example": "", "": "", "..": "", "x": "", "company.org": "",
	} {
		if got := Meant(typed, own); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}
