// Command newlanguage prints what search, tickets and interface texts make of a
// language that only its own file and catalogue add.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"testing/fstest"

	"signpost/internal/lang"
	"signpost/internal/locale"
	"signpost/internal/search/words"
	"signpost/internal/ticket"
)

const message = `Bună ziua,

Nu pot să trimit mesaje de ieri și primesc o eroare 45012. Parola este Cal0Verde!

Mulțumesc anticipat,
Ana

-----Mesaj original-----
Expeditor: Suport
Trimis: luni
Către: Ana
Subiect: Rsp: ajutor

castor
`

func main() {
	t, err := ticket.FromText("Rsp: Tichet 12345 poșta", message, "", "")
	if err != nil {
		fail(err)
	}
	texts, err := locale.Load(fstest.MapFS{
		"en.yaml": {Data: []byte("n: {one: '{n} day', other: '{n} days'}\nlanguage.name: English\nlanguage.dir: ltr\nnumber.group: ','\nnumber.short: grouped")},
		"ro.yaml": {Data: []byte("n: {one: '{n} zi', few: '{n} zile', other: '{n} de zile'}\nlanguage.name: Română\nlanguage.dir: ltr\nnumber.group: '.'\nnumber.short: grouped")},
	})
	if err != nil {
		fail(err)
	}
	ro := texts.For("ro-MD")
	err = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"subject": t.Subject, "text": t.Text, "lang": t.Lang, "codes": t.Codes,
		"stop": words.IsStop("ro", "este"), "asks": words.Asks("ro", "unde"), "stem": words.Stem("ro", "mesajele") == words.Stem("ro", "mesaje"),
		"terms":  words.Terms("ro", "nu este mesajul"),
		"plural": []string{ro.T("n", "n", 1), ro.T("n", "n", 2), ro.T("n", "n", 20)}, "alias": lang.Match("mo", []string{"en", "ro"}),
	})
	if err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
