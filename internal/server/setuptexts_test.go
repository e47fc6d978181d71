package server_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"signpost/internal/locale"
	"signpost/internal/mail/address"
	"signpost/internal/mail/clientfile"
	"signpost/internal/mail/dnsrecord"
	"signpost/internal/mail/provider"
	assets "signpost/web"
)

// Whatever the mail packages name by key has a text; that every language has
// it is a test of the catalogues.
func TestTextsOfMail(t *testing.T) {
	t.Parallel()
	texts, err := locale.Load(assets.Locale())
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, key := range slices.Sorted(maps.Keys(dnsrecord.Sentences)) {
		keys = append(keys, "dns."+key)
	}
	for _, p := range []dnsrecord.Purpose{dnsrecord.ForDelivery, dnsrecord.ForTrust, dnsrecord.ForDiscovery, dnsrecord.ForServices, dnsrecord.NotOffered} {
		keys = append(keys, "records."+string(p), "records."+string(p)+".why")
	}
	for _, f := range clientfile.Formats() {
		keys = append(keys, "file."+f.Name)
	}
	for _, u := range provider.Uses {
		keys = append(keys, "use."+string(u))
	}
	for _, a := range []provider.Auth{provider.Password, provider.CRAMMD5, provider.SCRAM, provider.APOP, provider.OAuth2} {
		keys = append(keys, "auth."+string(a))
	}
	for _, key := range []string{"plain", "starttls", "port", "port-guess", "auth"} {
		keys = append(keys, "gap."+key)
	}
	for _, err := range []error{
		address.ErrEmpty, address.ErrNoAt, address.ErrNoLocal, address.ErrNoDomain, address.ErrSeveral, address.ErrLocal,
		address.ErrControl, address.ErrDomain, address.ErrOneLabel, address.ErrIPAddress, address.ErrTooLong,
	} {
		var e *address.Error
		if errors.As(err, &e) {
			keys = append(keys, "setup.error."+e.Key)
		}
	}
	known := texts.Keys()
	for _, key := range keys {
		if !slices.Contains(known, key) {
			t.Errorf("no text %q", key)
		}
	}
	// The arguments of the sentences about DNS are a, b and c, in that order.
	for _, key := range slices.Sorted(maps.Keys(dnsrecord.Sentences)) {
		args, _ := texts.Arguments("dns." + key)
		for _, a := range args {
			if !slices.Contains([]string{"a", "b", "c"}, a) {
				t.Errorf("dns.%s has the argument %q", key, a)
			}
		}
	}
}
