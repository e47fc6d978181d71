package clientfile

import (
	"encoding/json"
	"strings"

	"signpost/internal/mail/provider"
)

// jsonValue is how every value of vdirsyncer's file is written.
func jsonValue(v any) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.Encode(v) // strings and lists of strings cannot fail
	return strings.TrimSuffix(b.String(), "\n")
}

func writeVdirsyncer(s *settings) ([]byte, error) {
	kinds := []struct {
		use          provider.Use
		name, folder string
		suffix       string
	}{
		{provider.CalDAV, "calendar", "Calendars", ".ics"},
		{provider.CardDAV, "contacts", "Contacts", ".vcf"},
	}
	f := heading(s,
		"If you have such a file already: leave out the part [general].",
		"Then: vdirsyncer discover && vdirsyncer sync")
	f.linef("[general]")
	f.linef("status_path = %s", jsonValue("~/.local/share/vdirsyncer/status/"))
	name := identifier(s.address, "")
	found := false
	for _, kind := range kinds {
		service, ok := s.account.Pick(kind.use, func(service provider.Service) bool {
			return service.Has(provider.Password) && strings.HasPrefix(service.URL, "https://")
		})
		if !ok {
			continue
		}
		found = true
		pair := name + "_" + kind.name
		f.linef("")
		f.linef("[pair %s]", pair)
		f.linef("a = %s", jsonValue(pair+"_local"))
		f.linef("b = %s", jsonValue(pair+"_remote"))
		f.linef("collections = %s", jsonValue([]string{"from a", "from b"}))
		f.linef("")
		f.linef("[storage %s_local]", pair)
		f.linef("type = %s", jsonValue("filesystem"))
		f.linef("path = %s", jsonValue("~/"+kind.folder+"/"+s.name+"/"))
		f.linef("fileext = %s", jsonValue(kind.suffix))
		f.linef("")
		f.linef("[storage %s_remote]", pair)
		f.linef("type = %s", jsonValue(string(kind.use)))
		f.linef("url = %s", jsonValue(service.URL))
		f.linef("username = %s", jsonValue(s.login(service)))
		f.linef("password.fetch = %s", jsonValue([]string{"command", "sh", "-c", s.oneLine()}))
	}
	if !found {
		return nil, s.cannot("the provider offers no calendar or address book with a password")
	}
	return f.bytes()
}
