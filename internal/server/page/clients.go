package page

import (
	"cmp"

	"signpost/internal/locale"
)

// clientNames are the mail programs that have guides. Their names are the same
// in all languages.
var clientNames = map[string]struct{ name, platform string }{
	"apple-mail": {"Apple Mail", "macos"}, "iphone": {"iPhone, iPad", ""}, "thunderbird": {"Thunderbird", ""},
	"thunderbird-android": {"Thunderbird", "android"}, "outlook-classic": {"Outlook (classic)", "windows"}, "outlook-new": {"Outlook (new)", "windows"},
	"outlook-mobile": {"Outlook", ""}, "gmail-app": {"Gmail", "android"}, "android-mail": {"Mail", "android"}, "windows-mail": {"Mail", "windows"},
	"evolution": {"Evolution", "linux"}, "kmail": {"KMail", "linux"}, "deltachat": {"Delta Chat", ""}, "msmtp": {"msmtp", ""}, "mpop": {"mpop", ""},
	"mbsync": {"mbsync", ""}, "mbsync-1.5": {"mbsync 1.5", ""}, "fetchmail": {"fetchmail", ""}, "getmail": {"getmail", ""}, "offlineimap": {"OfflineIMAP", ""},
	"neomutt": {"NeoMutt", ""}, "aerc": {"aerc", ""}, "alpine": {"Alpine", ""}, "s-nail": {"s-nail", ""}, "vdirsyncer": {"vdirsyncer", ""}, "curl": {"curl", ""},
}

// ClientName is what people call a mail program, and the system that it is for,
// "" for several. A program that has no guide is called as it is.
func ClientName(l *locale.Language, client string) (name, platform string) {
	c := clientNames[client]
	if c.platform != "" {
		platform = l.T("platform." + c.platform)
	}
	return cmp.Or(c.name, client), platform
}
