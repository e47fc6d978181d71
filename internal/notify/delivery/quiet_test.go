package delivery_test

import (
	"fmt"
	"testing"
	"time"

	"signpost/internal/notify"
)

// everybody subscribes three people to everything.
func (s *site) everybody(n subscriber) {
	for i := range 3 {
		s.subscribe(n, notify.Request{Target: fmt.Sprintf("p%d@example.net", i), Choice: notify.Choice{Language: "en"}})
	}
}

// TestNobodyIsTold: an upgrade, an import of 500 old posts, a rewritten history
// and an empty data folder tell nobody anything.
func TestNobodyIsTold(t *testing.T) {
	t.Parallel()
	recent := outage + "## 2014-10-06 17:30 investigating\nNobody can read mail.\n"
	s := newSite(t, map[string]string{"recent": recent, "plan": work})
	store, r := s.replica()

	// The upgrade: what is there counts as told, also to who subscribed before.
	s.everybody(store.Notices)
	s.mail = nil
	s.step(r)
	s.until("18:10:00", r)

	imported := map[string]string{}
	for i := range 500 {
		day := start.AddDate(0, 0, -i-1).Format("2006-01-02")
		imported[fmt.Sprint("old-", i)] = outage + "## " + day + " 10:00 investigating\nOld.\n## " + day + " 11:00 resolved\nOld.\n"
	}
	for i := range 20 { // some are of today
		imported[fmt.Sprint("new-", i)] = outage + "## 2014-10-06 18:0" + fmt.Sprint(i%10) + " investigating\nToday.\n"
	}
	s.write(imported)
	s.until("18:30:00", r)

	kept := map[string]string{}
	gone := map[string]string{}
	for id, text := range s.files {
		kept[id], gone[id] = text, ""
	}
	s.write(gone)
	s.until("18:40:00", r)
	s.write(kept)
	s.until("18:50:00", r)

	s.url = "sqlite:" + t.TempDir() + "/state.db"
	other, r2 := s.replica()
	s.everybody(other.Notices)
	late := len(s.mail)
	s.step(r2)
	s.until("18:58:00", r2)
	for i, m := range s.mail {
		if !m.Late {
			t.Errorf("message %d (%d before the empty folder): %s", i, late, s.log[i])
		}
	}

	// What happens from now on is told.
	s.mail, s.log = nil, nil
	s.write(map[string]string{"real": outage + "## 2014-10-06 18:58 investigating\nNobody can read mail.\n"})
	s.until("18:59:50", r2)
	if len(s.mail) != 3 {
		t.Errorf("%d are told of what is new: %q", len(s.mail), s.log)
	}
}

// TestAtMostSixAnHour: somebody posts an update every four minutes.
func TestAtMostSixAnHour(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	store, r := s.replica()
	s.step(r)
	s.subscribe(store.Notices, notify.Request{Target: "jo@example.net", Choice: notify.Choice{Language: "en"}})
	text := outage + "## 2014-10-06 18:04 investigating\nNobody can read mail.\n"
	for i := range 13 {
		at := start.Add(time.Duration(i+1) * 4 * time.Minute)
		if i > 0 {
			text += "## " + at.Format("2006-01-02 15:04") + " update\nWe look.\n"
		}
		s.until(at.Format("15:04:05"), r)
		s.write(map[string]string{"imap": text})
		s.step(r)
	}
	s.until("18:54:00", r)
	if len(s.mail) != 5 {
		t.Errorf("%d notices before the end: %q", len(s.mail), s.log)
	}
	s.write(map[string]string{"imap": text + "## 2014-10-06 18:54 resolved\nReads again.\n"})
	s.until("18:55:00", r)
	if len(s.mail) != 6 || s.mail[5].Event.Kind != notify.Resolved || len(s.mail[5].Told) < 5 {
		t.Errorf("the end of the matter is not told at once, with what had waited: %q", s.log)
	}
	s.until("20:30:00", r)
	if len(s.mail) != 6 {
		t.Errorf("%d notices: %q", len(s.mail), s.log)
	}
}

// TestFirstGoesFirst queues a routine notice for many, then an incident: while the
// relay takes one message a second, nobody waits for the former.
func TestFirstGoesFirst(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	store, r := s.replica()
	s.step(r)
	for i := range 40 {
		s.subscribe(store.Notices, notify.Request{Target: fmt.Sprintf("p%d@d%d.example.net", i, i), Choice: notify.Choice{Language: "en"}})
	}
	s.write(map[string]string{"plan": work[:len(work)-len("## 2014-10-06 19:00 scheduled\nNew disks.\n")] + "## 2014-10-06 18:00 scheduled\nNew disks.\n"})
	if err := r.Derive(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(40 * time.Second)
	if err := r.Derive(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	round := func() {
		if _, err := r.Deliver(t.Context(), s.now, func() {}); err != nil {
			t.Fatal(err)
		}
		r.Wait()
	}
	round() // some have heard of the plan
	before := len(s.mail)
	s.write(map[string]string{"imap": outage + "## 2014-10-06 18:00 investigating\nNobody can read mail.\n"})
	if err := r.Derive(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(30 * time.Second)
	if err := r.Derive(t.Context(), s.now); err != nil {
		t.Fatal(err)
	}
	for len(s.mail) < before+40 {
		round()
	}
	for _, m := range s.mail[before : before+40] {
		if m.Event.Kind != notify.First {
			t.Fatalf("a routine notice went before the incident: %+v", m.Event)
		}
	}
	for range 20 {
		round()
	}
	if len(s.mail) != 80 {
		t.Errorf("%d messages", len(s.mail))
	}
}
