package lang

var _ = add(Language{
	Tag: "sv",
	Detect: Detect{
		Frequent: words(`och inte jag det på som en ett till av med har kan mig min mitt mina är den när men hur får vi ni vad från vid eller om blir måste sig
efter något någon bara vara ska vill var varför denna detta deras ingen tack hej hjälp längre kommer över in ut nu också fick mer använder de så för
sedan i att er ert vår kunde fungerar går`),
		Letters: "åäö",
	},
	Mail: Mail{
		Greetings:  phrases(`hej, hejsan, hallå, god morgon, god dag, goddag, god kväll, god eftermiddag, tjena, bästa, kära`),
		Addressed:  phrases(`och, alla, igen, team, support, kundtjänst`),
		Thanks:     phrases(`tack, tack så mycket, stort tack, tusen tack, tack på förhand, många tack`),
		ThanksFor:  phrases(`på förhand, för hjälpen, för svaret, för snabbt svar, för det snabba svaret, så mycket, igen`),
		And:        phrases(`och`),
		Closings:   phrases(`hälsningar, med vänliga hälsningar, vänliga hälsningar, vänligen, med vänlig hälsning, vänlig hälsning, hälsar, hälsning, bästa hälsningar, många hälsningar, mvh, mv h`),
		SentFrom:   phrases(`skickat från *, skickat från min *, skickades från *, sänt från *, hämta outlook för *, skaffa outlook för *, skickat med *`),
		Footers:    phrases(`e-post* * konfidentiell*, meddelande* * konfidentiell*, tänk på miljön innan, org.nr, organisationsnummer, detta mejl är en tjänst från`),
		Wrote:      phrases(`skrev`),
		Original:   phrases(`ursprungligt meddelande, originalmeddelande, ursprungligt brev`),
		Forwarded:  phrases(`vidarebefordrat brev, vidarebefordrat mejl, börja vidarebefordrat meddelande, vidarebefordrat meddelande, början på vidarebefordrat meddelande`),
		Head:       Head{From: phrases(`från`), Sent: phrases(`skickat, skickades, datum`), To: phrases(`till`), Subject: phrases(`ämne`), Other: phrases(`kopia, svar till, svara till, prioritet, bifogade filer, hemlig kopia`)},
		ReplyAbove: phrases(`ovanför denna rad, ovanför denna linje, ovanför den här raden, ovanför den här linjen, över denna rad, över denna linje, över den här raden`),
		Bounces:    phrases(`kan inte levereras, inte levererat, kunde inte levereras, leveransfel, olevererat, oleverbart`),
		At:         phrases(`snabel-a, snabela`), Dot: phrases(`punkt`),
		ReplyTags: phrases(`sv, vb`), TicketWords: phrases(`ärende, ärendenummer`),
		Secrets: words(`lösenord pinkod`), SecretIs: phrases(`är, var`),
		Errors: phrases(`fel, felkod, felmeddelande`),
	},
})
