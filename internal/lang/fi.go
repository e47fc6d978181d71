package lang

var _ = add(Language{
	Tag: "fi",
	Detect: Detect{
		Frequent: words(`ja on ei en että se ole olen mutta kun niin kuin tai jos mitä mikä miten miksi voi voin voida minun minulla sähköposti sähköpostia sähköpostin
viesti viestit nyt vain myös kaikki tämä tämän tätä sitä hei kiitos terveisin teidän meidän oli ovat olisi saa saan pitää mitään enää jo kanssa sekä
ollut tiedä tehdä eikä sen siitä toimi pysty lähettää`),
		Letters: "äö",
	},
	Mail: Mail{
		Greetings:  phrases(`hei, moi, terve, hyvää päivää, hyvää huomenta, hyvää iltaa, hyvää iltapäivää, huomenta, päivää, arvoisa, hyvä, tervehdys`),
		Addressed:  phrases(`kaikki, asiakaspalvelu, tuki, ja, taas, kaikille, vastaanottaja`),
		Thanks:     phrases(`kiitos, kiitoksia, paljon kiitoksia, suuri kiitos, kiitos paljon, kiitos etukäteen, kiitos jo etukäteen`),
		ThanksFor:  phrases(`etukäteen, jo etukäteen, avusta, avustanne, vastauksesta, nopeasta vastauksesta, paljon, vielä`),
		And:        phrases(`ja`),
		Closings:   phrases(`terveisin, ystävällisin terveisin, parhain terveisin, yst. terv., yst. terv, terv, t., kunnioittaen, ystävällisesti, terveiset, yt`),
		SentFrom:   phrases(`lähetetty *, lähetetty iphonesta, lähetetty ipadista, hanki outlook *, hanki outlookin *, lataa outlook *`),
		Footers:    phrases(`luottamukselli* * vastaanottaj*, tarkoitettu vain vastaanottajalle, y-tunnus, ajattele ympäristöä, tämä sähköposti on palvelu`),
		Wrote:      phrases(`kirjoitti`),
		Original:   phrases(`alkuperäinen viesti, alkuperäinen sanoma`),
		Forwarded:  phrases(`välitetty viesti alkaa, alkaa välitetty viesti, edelleenlähetetty viesti alkaa, välitetty viesti, edelleenlähetetty viesti, lähetetty edelleen`),
		Head:       Head{From: phrases(`lähettäjä, keneltä`), Sent: phrases(`lähetetty, päivämäärä, päiväys`), To: phrases(`vastaanottaja, kenelle`), Subject: phrases(`aihe, otsikko`), Other: phrases(`kopio, vastaus osoitteeseen, vastausosoite, tärkeys, liitteet`)},
		ReplyAbove: phrases(`tämän rivin yläpuolelle, tämän viivan yläpuolelle, yläpuolelle tätä riviä, tämän rivin yläpuolella`),
		Bounces:    phrases(`ei voida toimittaa, toimitus epäonnistui, ei toimitettu, toimittaminen epäonnistui, palautettu viesti`),
		At:         phrases(`ät, miuku`), Dot: phrases(`piste`),
		ReplyTags: phrases(`vs, vl`), TicketWords: phrases(`tiketti, palvelupyyntö, tapaus`),
		Secrets: words(`salasana salasanani`), SecretIs: phrases(`on, oli`),
		Errors: phrases(`virhe, virhekoodi, virheilmoitus`),
	},
})
