package lang

var _ = add(Language{
	Tag: "pl",
	Detect: Detect{
		Frequent: words(`i w na z do nie się jest że to co jak mam moje mój moja mi o po od za ale czy przez dla przy już tylko jeszcze bardzo proszę dziękuję dzień dobry
witam mogę można są był było która który które kiedy gdzie dlaczego poczta poczty wiadomości wysłać konto skrzynki pozdrawiam ten ta te państwa
działa wczoraj dziś`),
		Letters: "ąćęłńśźż",
	},
	Mail: Mail{
		Greetings:  phrases(`dzień dobry, cześć, hej, witam, witajcie, dobry wieczór, szanowni, szanowny, szanowna, drogi, droga`),
		Addressed:  phrases(`państwo, panie, pani, panowie, i, zespole, serdecznie, wszystkich, ponownie`),
		Thanks:     phrases(`dziękuję, dziekuje, dzięki, dziękuję bardzo, bardzo dziękuję, z góry dziękuję, dziękujemy, wielkie dzięki, z góry dzięki`),
		ThanksFor:  phrases(`bardzo, z góry, za pomoc, za odpowiedź, za szybką odpowiedź, i pozdrawiam, jeszcze raz`),
		And:        phrases(`i`),
		Closings:   phrases(`pozdrawiam, pozdrawiam serdecznie, serdecznie pozdrawiam, z poważaniem, z wyrazami szacunku, pozdrowienia, z pozdrowieniami, łączę pozdrowienia, pozdr`),
		SentFrom:   phrases(`wysłano z *, wysłane z *, wysłano za pomocą *, wysłane przez *, wysłane za pomocą *, pobierz outlook dla *, pobierz program outlook dla *, pobierz aplikację outlook dla *`),
		Footers:    phrases(`poufn* * adresat*, wyłącznie dla adresata, zanim wydrukujesz, pomyśl o środowisku, krs, regon, ta wiadomość jest usługą`),
		Wrote:      phrases(`napisał, napisała, napisał(a), napisali, pisze, napisał/a`),
		Original:   phrases(`oryginalna wiadomość, wiadomość oryginalna, wiadomość pierwotna`),
		Forwarded:  phrases(`początek przekazywanej wiadomości, początek przekazanej wiadomości, wiadomość napisana przez *, wiadomość przekazana dalej, wiadomość przekazana, przekazana wiadomość, treść przekazanej wiadomości, przesłana wiadomość, przekazywana wiadomość`),
		Head:       Head{From: phrases(`od, nadawca`), Sent: phrases(`wysłano, wysłane, data`), To: phrases(`do, adresat`), Subject: phrases(`temat`), Other: phrases(`dw, udw, kopia, odpowiedz do, odpowiedź do, ważność, załączniki`)},
		ReplyAbove: phrases(`powyżej tej linii, nad tą linią, powyżej tego wiersza`),
		Bounces:    phrases(`niedostarczon*, nie można dostarczyć, niedoręczon*, błąd dostarczenia, nie dostarczono, zwrot wiadomości`),
		At:         phrases(`małpa`), Dot: phrases(`kropka`),
		ReplyTags: phrases(`odp, pd`), TicketWords: phrases(`zgłoszenie, sprawa`),
		Secrets: words(`hasło haslo`), SecretIs: phrases(`to, jest, brzmi`),
		Errors: phrases(`błąd, kod błędu, błędu, kod`),
	},
})
