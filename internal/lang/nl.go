package lang

var _ = add(Language{
	Tag: "nl",
	Detect: Detect{
		Frequent: words(`de het een en van ik is dat niet met op te in voor zijn er maar om hem dan zou of wat mijn naar bij nog ook aan uit als kan geen hoe
kunnen wij jullie deze dit wordt worden heb heeft hebben meer krijg krijgen mij me u uw ons onze wel weer al sinds waarom waar graag
bedankt dank goedemiddag goedemorgen hallo na niets iets oplossen moet door over wanneer werkt`),
	},
	Mail: Mail{
		Greetings:  phrases(`hallo, hoi, dag, beste, geachte, goedemorgen, goedemiddag, goedenavond, goedendag, goeiemorgen, goede morgen, goede middag, l.s.`),
		Addressed:  phrases(`allemaal, heer, mevrouw, meneer, en, team, support, helpdesk, klantenservice, heren, dames, of, lezer, mensen`),
		Thanks:     phrases(`bedankt, dank, dank je, dank u, dank je wel, dank u wel, dankjewel, dankuwel, hartelijk dank, alvast bedankt, alvast hartelijk dank, veel dank, alvast dank`),
		ThanksFor:  phrases(`alvast, bij voorbaat, voor de hulp, voor je hulp, voor uw hulp, voor het snelle antwoord, voor uw antwoord, voor de moeite, en groet, en groeten, nogmaals`),
		And:        phrases(`en`),
		Closings:   phrases(`met vriendelijke groet, met vriendelijke groeten, vriendelijke groet, vriendelijke groeten, groet, groeten, groetjes, hartelijke groet, hartelijke groeten, met hartelijke groet, hoogachtend, mvg, m.v.g., vr gr, vr. gr.`),
		SentFrom:   phrases(`verstuurd vanaf *, verstuurd vanuit *, verstuurd met *, verzonden vanaf *, verzonden vanuit *, verzonden met *, verzonden via *, outlook voor * downloaden, outlook voor * ophalen, download outlook voor *, haal outlook voor *, ontvang outlook voor *`),
		Footers:    phrases(`e-mail* * vertrouwelijk*, bericht* * vertrouwelijk*, uitsluitend bestemd voor, denk aan het milieu voordat, kvk-nummer, kvk nr, btw-nummer, deze e-mail is een dienst van`),
		Wrote:      phrases(`schreef, geschreven`),
		Original:   phrases(`oorspronkelijk bericht, origineel bericht, oorspronkelijke bericht`),
		Forwarded:  phrases(`begin doorgestuurd bericht, doorgestuurd bericht`),
		Head:       Head{From: phrases(`van`), Sent: phrases(`verzonden, datum, verstuurd`), To: phrases(`aan`), Subject: phrases(`onderwerp`), Other: phrases(`kopie, antwoord aan, prioriteit, urgentie, bijlagen`)},
		ReplyAbove: phrases(`boven deze lijn, boven deze regel, boven de lijn`),
		Bounces:    phrases(`onbestelbaar, kan niet worden bezorgd, niet bezorgd, bezorging mislukt, niet afgeleverd, onbestelbare`),
		At:         phrases(`apenstaartje, apestaartje`), Dot: phrases(`punt`),
		ReplyTags: phrases(`antw, betr, doorst`), TicketWords: phrases(`melding, aanvraag`),
		Secrets: words(`wachtwoord pincode`), SecretIs: phrases(`is, was, luidt`),
		Errors: phrases(`fout, foutcode, foutmelding`),
	},
})
