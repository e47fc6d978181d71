package lang

var _ = add(Language{
	Tag:     "ro",
	Aliases: []string{"mo"},
	Search: Search{
		Stop:    words(`a al ale am are cu cum ce care când de din este în la mai nu o pe pentru prin sau se sunt și un unde`),
		Ask:     words(`ce care când cum unde nu`),
		Stemmer: Romanian,
		Stems:   words(`conturi=cont`), Contracted: phrases(`n-am = nu am`), Ordinary: words(`casă masă copil`),
	},
	Detect: Detect{Frequent: words(`și nu este pot să cu pentru care din mai sunt cum de în la bună mulțumesc`), Letters: "șțăâî"},
	Mail: Mail{
		Greetings: phrases(`bună ziua, salut`), Addressed: phrases(`tuturor, domnule`),
		Thanks: phrases(`mulțumesc, vă mulțumesc`), ThanksFor: phrases(`anticipat, pentru ajutor`),
		And: phrases(`și`), Closings: phrases(`cu stimă, toate cele bune`),
		SentFrom: phrases(`trimis de pe *`), Footers: phrases(`acest mesaj este confidențial`),
		Wrote: phrases(`a scris`), Original: phrases(`mesaj original`), Forwarded: phrases(`mesaj redirecționat`),
		Head:       Head{From: phrases(`expeditor`), Sent: phrases(`trimis`), To: phrases(`către`), Subject: phrases(`subiect`), Other: phrases(`copie`)},
		ReplyAbove: phrases(`deasupra acestei linii`), Bounces: phrases(`nelivrat`),
		ReplyTags: phrases(`rsp`), TicketWords: phrases(`tichet`), Secrets: phrases(`parola`), SecretIs: phrases(`este`),
		At: phrases(`arond`), Dot: phrases(`punct`), Errors: phrases(`eroare`), Web: phrases(`în browser`), On: phrases(`pe`),
	},
	Settings: Settings{Incoming: words(`intrare`), Outgoing: words(`ieșire`), Servers: words(`serverul`), Ask: words(`setări`)},
	Days:     phrases(`astăzi, ieri, mâine`),
	Trouble: Trouble{
		Names:    everyPart(`poșta`),
		Symptoms: everyPart(`nu merge`),
		Mail:     words(`poștă`), Failures: phrases(`nu merge`), Since: phrases(`de ieri`), Outage: phrases(`este oprit`), Others: phrases(`și colegii`),
		Works: phrases(`merge`), Solved: phrases(`merge din nou`), Refused: phrases(`parola este greșită`), Changed: phrases(`de când am schimbat`), Wishes: phrases(`cum pot`),
		Negations: words(`nu nici`), But: words(`dar însă`), Receiving: phrases(`primesc, mesaje noi`), Sending: phrases(`trimit`),
		Spam: words(`spam`), Waves: words(`deodată`), Phones: words(`telefon tabletă`), Programs: words(`outlook`),
		All: phrases(`nimic nu merge`), Personal: phrases(`hotel`),
	},
})

func everyPart(phrase string) map[Part][]string {
	all := map[Part][]string{}
	for _, p := range Parts() {
		all[p] = []string{phrase}
	}
	return all
}
