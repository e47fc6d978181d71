package lang

var _ = add(Language{
	Tag: "it",
	Detect: Detect{
		Frequent: words(`il lo la i gli le di del della dei e è che non in un una per con mio mia miei si ho ha hanno sono come ma se o da dal dalla al alla nel nella
questo questa più quando dove perché grazie buongiorno salve posso può potete mi ci vi anche posta messaggio inviare ricevere molto tutto niente ancora
funziona vorrei sul stato essere fare`),
	},
	Mail: Mail{
		Greetings:  phrases(`ciao, salve, buongiorno, buon giorno, buonasera, buona sera, buon pomeriggio, gentile, gentili, gentilissimi, egregio, egregi, spett.le, spettabile, caro, cara, cari`),
		Addressed:  phrases(`a tutti, tutti, team, supporto, signor, signora, signori, e, assistenza, sig, sig.ra`),
		Thanks:     phrases(`grazie, grazie mille, molte grazie, tante grazie, grazie tante, vi ringrazio, la ringrazio, ringrazio`),
		ThanksFor:  phrases(`in anticipo, per l'aiuto, per il vostro aiuto, per la risposta, per la rapida risposta, mille, anticipatamente, dell'aiuto, di tutto, ancora`),
		And:        phrases(`e`),
		Closings:   phrases(`saluti, cordiali saluti, cordialmente, distinti saluti, un saluto, un cordiale saluto, i migliori saluti, buona giornata, buona serata, a presto`),
		SentFrom:   phrases(`inviato da *, inviato dal *, inviata da *, inviato con *, scarica outlook per *, ottieni outlook per *, inviato tramite *`),
		Footers:    phrases(`riservat* * destinatari*, esclusivamente al destinatario, ai sensi del d.lgs, prima di stampare, privo di virus., partita iva, p.iva, questa e-mail è un servizio di`),
		Wrote:      phrases(`ha scritto, scrive, scrisse`),
		Original:   phrases(`messaggio originale, messaggio di origine`),
		Forwarded:  phrases(`inizio messaggio inoltrato, inizio del messaggio inoltrato, messaggio inoltrato`),
		Head:       Head{From: phrases(`da, mittente`), Sent: phrases(`inviato, inviato il, data`), To: phrases(`a, per`), Subject: phrases(`oggetto`), Other: phrases(`copia, rispondi a, priorità, allegati`)},
		ReplyAbove: phrases(`sopra questa riga, sopra questa linea, al di sopra di questa riga, al di sopra di questa linea`),
		Bounces:    phrases(`non recapitabile, mancato recapito, impossibile recapitare, mancata consegna, non consegnato, errore di consegna`),
		At:         phrases(`chiocciola`), Dot: phrases(`punto`),
		ReplyTags: phrases(`r, rif, i`), TicketWords: phrases(`richiesta, segnalazione`),
		Secrets: words(`password`), SecretIs: phrases(`è, era`),
		Errors: phrases(`errore, codice di errore, codice errore, codice`),
	},
})
