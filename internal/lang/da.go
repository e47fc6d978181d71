package lang

var _ = add(Language{
	Tag: "da",
	Detect: Detect{
		Frequent: words(`og ikke jeg det på som en et til af med har kan mig min mit mine er den når men hvordan får vi i hvad fra ved eller om
bliver må sig efter noget nogen bare være skal vil hvor hvorfor denne dette deres ingen tak hej hjælp længere kommer over ind ud nu også
fik mere bruger de så for siden blev virker kunne modtage jeres vores kære`),
		Letters: "æøå",
	},
	Mail: Mail{
		Greetings:  phrases(`hej, hejsa, goddag, god dag, godmorgen, god morgen, godaften, god aften, kære`),
		Addressed:  phrases(`og, alle, igen, team, support, kundeservice`),
		Thanks:     phrases(`tak, mange tak, tusind tak, på forhånd tak, på forhånd mange tak`),
		ThanksFor:  phrases(`på forhånd, for hjælpen, for svaret, for hurtigt svar, for det hurtige svar, igen`),
		And:        phrases(`og`),
		Closings:   phrases(`hilsen, med hilsen, venlig hilsen, med venlig hilsen, venlige hilsner, med venlige hilsner, mange hilsner, bedste hilsner, kh, vh, mvh, med venlig`),
		SentFrom:   phrases(`sendt fra min *, sendt fra mit *, sendt fra outlook *, sendt fra outlook, sendt fra mail *, sendt fra yahoo *, sendt fra proton *, hent outlook til *, få outlook til *, download outlook til *`),
		Footers:    phrases(`e-mail* * fortrolig*, mail* * fortrolig*, tænk på miljøet, cvr-nr, cvr nr, cvr:, denne e-mail er en tjeneste fra`),
		Wrote:      phrases(`skrev`),
		Original:   phrases(`oprindelig meddelelse, original meddelelse, oprindelig besked`),
		Forwarded:  phrases(`start på videresendt besked, start på videresendt meddelelse, videresendt besked, videresendt meddelelse, videresendt mail`),
		Head:       Head{From: phrases(`fra`), Sent: phrases(`sendt, dato`), To: phrases(`til`), Subject: phrases(`emne`), Other: phrases(`kopi, svar til, vigtighed, prioritet, vedhæftede filer`)},
		ReplyAbove: phrases(`over denne linje, ovenfor denne linje`),
		Bounces:    phrases(`kan ikke leveres, ikke leveret, levering mislykkedes, kunne ikke leveres, leveringsfejl, returneret mail`),
		At:         phrases(`snabel-a, snabela`), Dot: phrases(`punktum`),
		ReplyTags: phrases(`sv, vs`), TicketWords: phrases(`sag`),
		Secrets: words(`adgangskode kodeord`), SecretIs: phrases(`er, var`),
		Errors: phrases(`fejl, fejlkode, fejlmeddelelse`),
	},
})
