package lang

var _ = add(Language{
	Tag: "cs",
	Detect: Detect{
		Frequent: words(`a v na se je že to co jak ne s z do o po od za ale nebo pro při už jen ještě velmi prosím děkuji dobrý den mohu mám můj moje mi jsem jsou byl bylo
která který které když kde proč pošta pošty zprávy odeslat účet schránky pozdravem ten ta tento tato vám vás nám nás nelze není nemohu nejde nefunguje
včera dnes bych by tak i k jako`),
		Letters: "ěščřžýůďťň",
	},
	Mail: Mail{
		Greetings:  phrases(`dobrý den, dobré ráno, dobrý večer, dobré odpoledne, ahoj, zdravím, vážený, vážená, vážení, milý, milá`),
		Addressed:  phrases(`pane, paní, a, všem, všichni, podporo`),
		Thanks:     phrases(`děkuji, děkuju, díky, dík, děkujeme, předem děkuji, mnohokrát děkuji, moc děkuji, s díky`),
		ThanksFor:  phrases(`předem, za pomoc, za odpověď, za rychlou odpověď, moc, mnohokrát, a přeji hezký den, a zdravím, vám, ještě jednou`),
		And:        phrases(`a`),
		Closings:   phrases(`s pozdravem, se srdečným pozdravem, s přátelským pozdravem, srdečně zdravím, zdravím, s úctou, hezký den, přeji hezký den, přeji pěkný den`),
		SentFrom:   phrases(`odesláno z *, odesláno ze *, odesláno pomocí *, odesláno přes *, získat outlook pro *, stáhnout outlook pro *, posláno z *`),
		Footers:    phrases(`důvěrn* * adresát*, určen* pouze adresátovi, než vytisknete, ičo, tento e-mail je službou`),
		Wrote:      phrases(`napsal, napsala, napsal(a), napsal/a, píše, napsali`),
		Original:   phrases(`původní zpráva, původní e-mail, původní email, původní schůzka`),
		Forwarded:  phrases(`začátek přeposílané zprávy, začátek přeposlané zprávy, přeposlaná zpráva, začátek předávané zprávy, přeposlaný e-mail, přeposlaný email`),
		Head:       Head{From: phrases(`od, odesílatel`), Sent: phrases(`odesláno, datum`), To: phrases(`komu, pro`), Subject: phrases(`předmět`), Other: phrases(`kopie, skrytá kopie, odpovědět, odpověď komu, důležitost, přílohy`)},
		ReplyAbove: phrases(`nad tuto čáru, nad touto čarou, nad tento řádek, nad tímto řádkem, nad tuto linku, nad tuto linii`),
		Bounces:    phrases(`nedoručitelné, nedoručeno, nelze doručit, doručení selhalo, nedoručená zpráva, chyba doručení`),
		At:         phrases(`zavináč`), Dot: phrases(`tečka`),
		ReplyTags: phrases(`odp, fw`), TicketWords: phrases(`požadavek, tiket`),
		Secrets: words(`heslo`), SecretIs: phrases(`je, bylo, zní`),
		Errors: phrases(`chyba, kód chyby, chybový kód, chybová hláška`),
	},
})
