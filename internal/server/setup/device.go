package setup

import (
	"slices"
	"strings"

	"signpost/internal/mail/mobileconfig"
	"signpost/internal/view"
)

// A device is what the visitor holds, as far as the browser says. The names are
// part of catalogue keys.
type device string

const (
	iPhone  device = "iphone"
	iPad    device = "ipad"
	mac     device = "mac" // and an iPad that asks for the pages of a computer
	android device = "android"
	windows device = "windows"
	linux   device = "linux"
)

// deviceOf reads the header User-Agent. It is "" for everything unknown.
func deviceOf(userAgent string) device {
	for _, d := range []struct {
		mark string
		is   device
	}{
		{"(iPhone", iPhone}, {"(iPod", iPhone}, {"(iPad", iPad}, {"Android", android}, {"(Macintosh", mac}, {"(Windows NT", windows}, {"CrOS", ""}, {"Linux", linux}, {"FreeBSD", linux},
	} {
		if strings.Contains(userAgent, d.mark) {
			return d.is
		}
	}
	return ""
}

// profile is the kind of device that a profile names. An iPad may call itself a
// Mac, so that a Mac is not told from other devices.
func (d device) profile() mobileconfig.Device {
	if d == iPhone || d == iPad {
		return mobileconfig.IPhone
	}
	return mobileconfig.AnyDevice
}

// programs are the mail programs of each device, the most usual first. An
// account that is already there is changed in its program.
var programs = map[device][]string{
	iPhone:  {"iphone", "outlook-mobile"},
	iPad:    {"iphone", "outlook-mobile"},
	mac:     {"apple-mail", "thunderbird"},
	android: {"thunderbird-android", "gmail-app", "android-mail", "outlook-mobile", "deltachat"},
	windows: {"outlook-new", "outlook-classic", "thunderbird", "windows-mail"},
	linux:   {"thunderbird", "evolution", "kmail", "neomutt", "mbsync", "msmtp"},
}

// split parts the guides into those of the device, in its order, and the others.
func (d device) split(all []view.Guide) (mine, others []view.Guide) {
	rank := func(g view.Guide) int { return slices.IndexFunc(programs[d], g.For) }
	for _, g := range all {
		if rank(g) < 0 {
			others = append(others, g)
		} else {
			mine = append(mine, g)
		}
	}
	slices.SortStableFunc(mine, func(a, b view.Guide) int { return rank(a) - rank(b) })
	return mine, others
}
