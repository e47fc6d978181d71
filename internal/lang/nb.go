package lang

var _ = add(Language{
	Tag:     "nb",
	Aliases: []string{"no", "nn"},
	Search: Search{
		Stop: words(`alle alt altså andre at av bare ble bli blir bør da de deg dei den denne der deres det dette din
ditt du dykk då eg ei eller en enn er et ett etter ein eit for fordi fra fram får få før gjør gjøre god ha hadde han
har hei hele hennes her hjelp hjelpe hos hun hva hvem hvis hvor hvordan hvorfor i ikke inn ja jeg kan kunne litt man
mange med meg men min mine mitt mot må ned nei noe noen nok nå når og også om opp oss over på seg selv si sin sine sitt
skal skulle slik som så takk til under ut uten var ved vi vil ville vår være vært å hilsen mvh`),
		Ask: words(`hva hvem hvor hvordan hvorfor når blir ble er har hadde kan kunne må skal skulle var vil ville
ikke uten`),
		Stemmer: Norwegian, Compounds: true,
		Stems: words(`viktig=viktig viktige=viktig konti=konto kontoer=konto kontoen=konto`),
		Contracted: phrases(`ikkje = ikke, jei = jeg, kordan = hvordan, korleis = hvordan, kor = hvor, kva = hva, kvifor = hvorfor,
eg = jeg, dokker = dere, dykk = dere, itj = ikke, ittno = ikke noe, hvorda = hvordan`),
		Linking: words(`s e`),
		Ordinary: words(`aften aldri alene alltid allerede ane annen ansikt april arbeid arm august avis bad bak bar barn bedre beholde ben benk
berg best bil bilde billig bjørn blad blant blomst blå bo bok bonde bord bra bred bringe bror bru brun bryte brød buss butikk by bygge
bære bøye båt dag dame dans dele desember dessverre dessuten dra drikke drøm dyr dyp dør egentlig egg elg elleve elske ende eneste enkel
eple erte familie far farge fat februar feil fem ferdig finger finne fire fisk fjell fjord flere flott fly flink folk forandre fordi
foreldre forskjell forstå fort fortelle fot fredag fremmed fri frisk frokost frukt fugl full følge før første gammel gang gate gave gi gift
gjest glad glass glemme god grad gress gris grønn grå gul gutt gå gård hals halv hand hav hatt helg hel helt hende hente her herre hest
himmel hjem hjerte hode holde hoppe hotell hund hundre hus huske hvit hviske hver høre høst høy høyre hånd håpe idag ild imorgen ingen
inne is januar jente jobb jord juli jul juni kaffe kake kald kanskje kart kaste katt kjenne kjøkken kjøpe kjøre kjøtt klar klassen klokke
klær kne kniv komme konge kone kopp kort koste kunst kveld kvinne kylling lage lampe land lang langsom le legge leke lese leve lett ligge
like lille lite liten liv lov love lunsj luft lukke lyse lys lære lærer løpe lørdag løse mai mandag mann mars mat melk mellom menneske
middag midt million minutt mor morgen morsom motsatt mulig munn mus musikk mørk mål måned måte natt nabo navn ned nese nesten nett neste
ni nord noensinne november ny nydelig nytte nær nødt nå når oktober olje om omtrent ond onkel onsdag ord over park penger person pike plass
plutselig politi pris prøve på rask redd regn reise ren rett rik riktig ringe ro rom rundt rød sak salt samme sammen sand sau se seg seks
sen seng sent september selge senere si side sikker simple sint sist sitte sjelden sjø skap skip skje sko skog skole skrive skulder
sky slutt slå smake små smil snakke snart snø sol sommer sove spille spise sport språk spørre stasjon sted stein stemme sterk stjerne
stol stor stoppe strand strøm studere stue stygg stykke stå sukker sulten sunn svart syd syk sykehus sykkel syv søndag søsken søster søt
ta tak tale tante tape te tenke tid tidlig tirsdag ti time to tog tolv torsdag tre treffe trist tro trær tusen tykk tynn tørr tørst ull
under ung unge uke uker ute uten vakker vann vanskelig varm vask vei venn venstre vente verden vest vil vin vind vindu vinter vise vite
vokse voksen vond vær våken vår våt yngre øre øst øy øye åpen år åtte`),
	},
	Detect: Detect{
		Frequent: words(`og ikke jeg det på som en et til av med har kan meg min mitt mine er den når men hvordan får vi dere hva
fra ved eller om blir må seg etter noe noen bare være skal vil hvor hvorfor denne dette deres ingen takk hei hjelp lenger
kommer over inn ut nå også fikk mer bruker de så hos siden ble å i for ny nye vår våre finner mulig virker`),
		Letters: "æøå",
	},
	Mail: Mail{
		Greetings: phrases(`hei, heisann, hallo, god dag, god morgen, god kveld, god ettermiddag, kjære`),
		Addressed: phrases(`og, alle, sammen, igjen, dere, team, support, kjære, kundeservice`),
		Thanks:    phrases(`takk, tusen takk, mange takk, på forhånd takk, på forhånd tusen takk, hjertelig takk, tusen hjertelig takk`),
		ThanksFor: phrases(`på forhånd, for hjelpen, for hjelp, for svar, for svaret, for raskt svar, for rask hjelp, så mye, skal du ha, igjen`),
		And:       phrases(`og`),
		Closings: phrases(`hilsen, med hilsen, vennlig hilsen, med vennlig hilsen, vennleg helsing, med vennleg helsing, vennleg hilsen,
beste hilsen, beste hilsener, med beste hilsen, hjertelig hilsen, mange hilsener, hilsener, mvh, vh, m.v.h.`),
		SentFrom: phrases(`sendt fra min *, sendt fra mitt *, sendt fra mi *, sendt fra outlook *, sendt fra outlook, sendt fra yahoo *, sendt fra e-post *,
sendt fra mail *, sendt fra proton *, skaff deg outlook for *, hent outlook for *, få outlook for *, last ned outlook for *`),
		Footers: phrases(`e-post* fortrolig, e-post* * fortrolig*, epost* * fortrolig*, melding* * fortrolig*, e-post* * konfidensiell*,
epost* * konfidensiell*, melding* * konfidensiell*, tenk på miljøet før, foretaksregisteret, org. nr, org.nr, org nr, orgnr,
denne e-posten er en tjeneste fra`),
		Wrote:     phrases(`skrev`),
		Original:  phrases(`opprinnelig melding, original melding, opprinnelig beskjed`),
		Forwarded: phrases(`start på videresendt melding, videresendt melding, begynnelse på videresendt melding`),
		Head: Head{
			From: phrases(`fra`), Sent: phrases(`sendt, dato`), To: phrases(`til`), Subject: phrases(`emne`),
			Other: phrases(`kopi, svar til, viktighet, prioritet, vedlegg`),
		},
		ReplyAbove: phrases(`over denne linjen, over denne linja, ovenfor denne linjen`),
		Bounces:    phrases(`kan ikke leveres, ikke levert, levering mislyktes, kunne ikke leveres, leveringsfeil, leveringsrapport, returnert e-post, feil ved levering`),
		At:         phrases(`krøllalfa, alfakrøll`), Dot: phrases(`punktum, prikk`),
		ReplyTags: phrases(`sv, vs, vedr, ang, videresendt`), TicketWords: phrases(`sak, saksnummer, henvendelse`),
		Secrets: words(`passord kodeord pinkode`), SecretIs: phrases(`er, var, er nå`),
		Errors:  phrases(`feil, feilkode, feilmelding, feilkoden, feilmeldingen`),
		Web:     phrases(`nettmail, i nettleseren, nettleser, nettleseren, web mail`),
		Clients: map[string][]string{"outlook-classic": phrases(`klassisk outlook`)},
		Apps:    phrases(`mail-app, mail-appen, mailappen, e-postapp, e-postappen, epostapp, epostappen, e-post-app, e-post-appen`),
		On:      phrases(`på, på min, på mitt, til, for`),
	},
	Settings: Settings{
		Incoming: words(`innkommende inngående`), Outgoing: words(`utgående`),
		Servers: words(`tjener tjenere tjenernavn tjenerinnstillinger serverinnstillinger servernavn portnummer`),
		Ask:     words(`innstillinger innstilling vert kryptering epost post`),
	},
	Days: phrases(`i dag, i kveld, i natt, i morgen, i går, denne uken, denne uka, denne måneden, denne uke, denne måned, forrige uken, forrige uka,
forrige måneden, forrige uke, forrige måned, neste uken, neste uka, neste måneden, neste uke, neste måned`),
	Trouble: Trouble{
		Names: map[Part][]string{
			IMAP: phrases(`imap, innboks, innboksen, innkommende server, innkommende tjener, mapper, mappene,
imap-synkroniseringen, imap-synkronisering, imap-serveren, imap-server`),
			POP3:    phrases(`pop, pop3, hente e-post, nedlasting av e-post`),
			Submit:  phrases(`smtp, utgående server, utgående tjener, utgående e-post, utboks, utboksen, sending, å sende, sende e-post`),
			CalDAV:  phrases(`caldav, kalender, kalenderen, avtaler, avtalene`),
			CardDAV: phrases(`carddav, adressebok, adresseboken, kontakter, kontaktene`),
			Webmail: phrases(`webmail, webmailen, nettmail, nettmailen, e-post i nettleseren,
webmailsiden, webmail-siden, webmail-innloggingen, e-post på nett, e-post på nettet, nettposten, nettpost`),
			SignIn:     phrases(`innlogging, innloggingen, pålogging, påloggingen, logge inn, logge på`),
			SpamFilter: phrases(`spamfilter, spamfilteret, søppelpostfilter, søppelpostfilteret, filterinnstillinger`),
			Delivery:   phrases(`levering, e-postlevering, mx`),
			Websites: phrases(`nettside, nettsiden, nettsider, nettsidene, nettsted, nettstedet, hjemmeside, hjemmesiden, hjemmesida, webhotell, webhotellet, ftp, sftp,
nettsida, nettbutikk, nettbutikken, butikken, bloggen, blogg, wordpress, hjemmesider, hjemmesidene, nettstedene, siden vår, sidene våre, sida vår, webside, websiden, websidene`),
			Domains: phrases(`dns, domene, domenet, domener, domenene, domenene våre, navnetjener, navnetjeneren, navnetjenere, navnetjenerne, navneserver,
navneserverne, domenesøk, domenesøket,
domeneoppslag, oppslag, navneoppslag, dns-tjener, dns-server, subdomene, nxdomain, servfail`),
			Payments: phrases(`betaling, betalingen, betale, kortbetaling, bestilling, bestillingen, betalingstjenesten, bestillingssiden,
kortbetalingen, betalingssiden, betalingsside, kredittkort, kortet, paypal, vipps, fornye, fornyelse, bestille, kassen, betalingsløsningen`),
		},
		Symptoms: map[Part][]string{
			IMAP: phrases(`ingen ny e-post, ingen nye e-poster, ingen nye meldinger, får ikke e-post, får ikke ny e-post, får ingen e-post, får ikke inn e-post,
ikke fått ny e-post, ikke fått e-post, kan ikke hente e-post, henter ikke e-post, kan ikke motta, mottar ikke, kommer ikke inn, kommer ingen e-post,
innboksen lastes ikke, innboksen laster ikke, innboksen åpner ikke, innboksen er tom, får ikke lest e-post, får ikke åpnet mappene, mappene åpner ikke,
synkroniserer ikke, slutter å synkronisere, e-postserveren svarer ikke, innkommende server svarer ikke, imap svarer ikke`),
			POP3: phrases(`får ikke lastet ned e-post, lastes ikke ned, laster ikke ned, pop svarer ikke, kan ikke hente med pop`),
			Submit: phrases(`kan ikke sende, får ikke sendt, får ikke sende, går ikke ut, sendes ikke, blir ikke sendt, ligger i utboksen, blir liggende i utboksen,
henger i utboksen, sending feiler, sendingen feilet, utgående server svarer ikke, utgående server * svarer ikke, feil ved sending, smtp svarer ikke,
verken sende eller motta, hverken sende eller motta`),
			CalDAV:  phrases(`kalenderen synkroniserer ikke, kalenderen er tom, kalenderen laster ikke, avtalene er borte`),
			CardDAV: phrases(`kontaktene synkroniserer ikke, kontaktene er borte, adresseboken er tom`),
			Webmail: phrases(`webmail åpner ikke, webmail er nede, webmail virker ikke, webmail laster ikke, kommer ikke inn i webmail, får ikke åpnet webmail,
webmail sier, webmail viser, blank side, tom side, hvit side, får ikke lagret kladd, tjenesten er midlertidig utilgjengelig`),
			SignIn: phrases(`kan ikke logge inn, får ikke logget inn, får ikke logget på, kommer ikke inn, innlogging feiler, innlogging feilet, pålogging feilet,
passordet godtas ikke, passordet blir ikke godtatt, blir logget ut, slipper ikke inn`),
			SpamFilter: phrases(`spamfilteret virker ikke, sluttet å virke, oversvømt av spam, full av spam, mye mer spam, hundrevis av søppelpost, søppelpost rett i innboksen,
spam slipper gjennom, all e-post havner i spam, filteret virker ikke, filtertjenesten er utilgjengelig`),
			Delivery: phrases(`kommer for sent, kommer forsinket, forsinket e-post, er forsinket, kommer flere timer for sent, avsendere får feilmelding,
e-post til oss kommer i retur, kommer i retur, kommer aldri fram, kommer ikke fram`),
			Websites: phrases(`nettsiden er nede, nettstedet er nede, hjemmesiden er nede, siden er nede, siden lastes ikke, siden laster ikke, får ikke åpnet nettsiden,
nettsiden åpner ikke, databasefeil, feil ved tilkobling til databasen, får ikke lastet opp, kommer ikke inn med sftp`),
			Domains: phrases(`domenet svarer ikke, domenene svarer ikke, finnes ikke på nettet, slår ikke opp, svarer ikke på oppslag, navnetjenerne svarer ikke,
navnetjeneren svarer ikke, domenet er borte, domenene er borte, dns virker ikke, domenesøket virker ikke, nxdomain`),
			Payments: phrases(`betaling feiler, betalingen feiler, betalingen feilet, får ikke betalt, kan ikke betale, betalingstjenesten er ikke tilgjengelig,
kortet blir avvist, bestillingen går ikke gjennom, får ikke bestilt`),
		},
		Mail: phrases(`e-post, e-posten, epost, eposten, e-poster, mail, mailen, post, posten, postkasse, postkassen, meldinger`),
		Failures: phrases(`feil, feilmelding, feiler, feilet, feilkode, svarer ikke, ikke svar, får ikke svar, tidsavbrudd, timeout, tar for lang tid, nede, er nede, utilgjengelig,
ikke tilgjengelig, får ikke kontakt, kan ikke koble til, får ikke koblet til, tilkobling feilet, tilkoblingen mislyktes, mislyktes, mistet forbindelsen,
virker ikke, fungerer ikke, funker ikke, virker ikke lenger, sluttet å virke, sluttet å fungere, ødelagt, dødt, død, åpner ikke, lastes ikke, laster ikke, laster og laster,
henger, står fast, står og tenker, midlertidig utilgjengelig, prøv igjen senere, ingenting virker, borte, blank, 500, 502, 503, 504,
stopper, stoppet, har stoppet, blir hengende, hengende, kobler fra, kobles fra, koblet fra, mister forbindelsen, får ikke åpnet, får ikke lastet, lar seg ikke, lar seg ikke åpne, kan ikke nås, ikke nås, går ikke, avbrytes, avbrutt, avvist, avvises, nektes, nektet, krasjer, krasjet, fryser, kom ikke gjennom, laster bare, spinner, bare spinner, noe gikk galt, gikk galt, error, feilmeldinger, ut av drift, ute av drift, ligger nede, falt ut, faller ut, streiker, sviktet, svikter, ikke funnet, finner ikke serveren, ingen kontakt, ingen forbindelse, uten svar, står stille,
ikke svarer, ikke laster, ikke lastes, ikke åpner, ikke åpnes, ikke kan nås, ikke er tilgjengelig, ikke får kontakt`),
		Since: phrases(`siden i morges, siden i dag, siden i går, siden i natt, siden i kveld, siden klokka *, siden klokken *, siden kl *, siden kl. *, siden lunsj, siden formiddag,
siden ettermiddag, for en time siden, for en halv time siden, for noen timer siden, i flere timer, i hele dag, hele dagen, hele formiddagen, i natt, i morges, i dag,
plutselig, helt plutselig, begynte ca, begynte for, begynte i,
siden i går kveld, siden helgen, siden mandag, siden tidlig, siden ca, siden omtrent, siden rundt, siden midnatt, de siste timene, den siste timen, siste timen, hele tiden, nettopp, nå nettopp, i går, fra i dag, fra i morges, minutter siden, timer siden, startet, startet i`),
		Outage: phrases(`er det nede, er serveren nede, er serveren deres nede, er noe galt, er det noe galt, nedetid, driftsstans, driftsforstyrrelse, driftsproblem, driftsproblemer,
driftsavbrudd, utfall, kjent problem, kjent feil, problemer hos dere, feil hos dere, hos dere, når blir det fikset, når er det i orden, hva skjer`),
		Others: phrases(`kollegaen min også, kollegaer også, kollegaen min har det samme, kona også, mannen min også, naboen, samme på, det samme, alle på kontoret, hele firmaet, alle sammen,
alle brukere, alle maskiner, alle enheter, på alle enheter, flere steder, alle postkasser, kundene våre,
samme hos, samme problem, samme feil, sliter med det samme, kollegaene, kollegene, kollegene mine, nabokontoret, hele kontoret, ingen på kontoret, flere av oss, alle her, alle hos oss, begge, på begge, andre også, flere kunder, kunder, besøkende, alle kontoene, alle kontoer`),
		Works:  phrases(`virker, fungerer, funker, går fint, går bra, er i orden, er ok, virker fint, fungerer fint, som vanlig, kommer som vanlig, er det ikke`),
		Solved: phrases(`virker igjen, fungerer igjen, funker igjen, er i orden igjen, er oppe igjen, løst, ordnet seg, det var ruteren, det var brannmuren, kan lukkes, kan avsluttes, glem det`),
		Changed: phrases(`siden jeg byttet, etter at jeg byttet, etter at jeg endret, siden jeg endret, byttet passord, etter oppdateringen, siden oppdateringen, ny telefon, ny mobil, ny pc,
ny maskin, glemt passord, glemt passordet, har glemt, slettet, feil passord, er full, full postkasse, postkassen er full, utløpt`),
		Refused: phrases(`passordet er feil, passord er feil, feil passord, feil brukernavn eller passord, passordet er ugyldig, ugyldig passord, passordet godtas ikke, passordet blir ikke godtatt, passordet blir ikke godkjent,
passordet godkjennes ikke, passordet aksepteres ikke, passordet blir ikke akseptert, passord blir ikke godtatt, passord godtas ikke, passordet avvises, passordet blir avvist, passordet ble avvist, passord avvises, passord blir avvist, passordene avvises,
godtar ikke passordet, godtar ikke passordet mitt, aksepterer ikke passordet, avviser passordet, tar ikke passordet, spør om passordet hele tiden, spør hele tiden om passord, spør hele tiden om passordet, spør om passord igjen og igjen,
ber om passordet hele tiden, ber om passord hele tiden, maser om passord, autentisering mislyktes, innlogging mislyktes, pålogging mislyktes`),
		Wishes: phrases(`hvordan, hvordan kan jeg, hvordan gjør jeg, hvordan gjør vi, hvor finner jeg, hvor kan jeg, kan jeg, kan vi, kan dere, er det mulig, går det an, finnes det,
jeg vil, vi vil, jeg ønsker, vi ønsker, jeg trenger, vennligst endre, kan dere endre, endre, legge til, si opp, oppgradere, bestille, faktura, fakturaen, kvittering, regning, refusjon,
tilbakebetaling, hva koster, hvor mye, hvor stor, støtter dere, tilbyr dere, flytte, sette opp, hvilke servere`),
		Short:     phrases(`mail'en = mailen, får'kke = får ikke, går'kke = går ikke, ikkje = ikke, epost = e-post, eposten = e-posten`),
		Negations: phrases(`ikke, ingen, ingenting, verken, hverken, heller, aldri, umulig, intet, inget, ei`),
		But:       phrases(`men, mens, derimot, selv om, bare`),
		Receiving: phrases(`motta, mottar, mottatt, hente, henter, hentet, henting, lastet ned, laste ned, ny e-post, nye e-poster, nye meldinger, ny post, ny mail, nye mailer, få e-post, får e-post, fått e-post, få inn, får inn, fått inn, inn e-post, kommer inn, komme inn e-post, innkommende, mottak,
lese e-post, lest e-post, synkronisere, synkroniserer, synkronisert, synkronisering, får e-poster, inn mail, får mail, fått mail, få mail, kommer e-post, kommer det e-post, åpnet innboksen, åpnet mappene,
eneste e-post, eneste mail, en eneste e-post, fått en eneste e-post, fått noe e-post, får noe e-post, får noen e-post, får noen e-poster, e-poster, synk, synkroniseringen, imap-synkroniseringen, kommer gjennom, komme gjennom, hentes, mottatt e-post, tar imot, ta imot, e-post inn, mail inn, oppdaterer, oppdatere innboksen, innboksen`),
		Sending: phrases(`sende, sender, sendt, sending, sendingen, utgående, utboks, utboksen, går ut, gå ut, sende ut, sendt ut, avgårde, av gårde,
sendes, sende fra, send, å sende, sende mail, sende e-poster, sendt fra, sender ut, kommer ut, smtp`),
		Spam: phrases(`spam, søppelpost, søppelposten, søppelposter, søppelmail, søppel`),
		Waves: phrases(`plutselig, hundrevis, dusinvis, oversvømt, flom, bølge, slipper gjennom, slippes gjennom, kommer gjennom, rett i innboksen, alt mulig, alle, alt, mye mer, vanligvis, ellers, slått av, skrudd av,
i søppelpostmappen, i søppelpost, havner i spam, havner i søppelpost, også fra, selv e-post fra, tar alt, filtrerer ikke, ikke filtrert, ufiltrert, sorterer ikke`),
		Phones:   phrases(`telefon, telefonen, mobil, mobilen, mobiltelefonen, iphone, iphonen, ipad, ipaden, nettbrett, nettbrettet, android, smarttelefon, smarttelefonen, gmail-appen, ios`),
		Programs: phrases(`outlook, thunderbird, apple mail, e-postprogram, e-postprogrammet, e-postklient, pc, pc-en, pcen, laptop, datamaskin, datamaskinen, maskin, maskinen, maskinene, evolution, em client`),
		All:      phrases(`ingenting virker, ingenting fungerer, ingenting funker, alt er nede, alt er dødt, alt er borte, alt ligger nede, helt dødt, e-posten er nede, e-post er nede, mailen er nede, ingen e-post i det hele tatt, totalt nede, all e-post er nede`),
		Personal: phrases(`hotell, hotellet, user unknown, ukjent bruker, ukjent mottaker, en kunde, én kunde, en mottaker, én mottaker, en avsender, én avsender, denne avsenderen, en bestemt, for stor, størrelsesgrense, kvote, nesten full, glemt, stjålet, mistet telefonen, mistet mobilen,
totrinns, tofaktor, app-passord, min brannmur, brannmuren min, antivirus, ruteren min, svarteliste, blokkeringsliste, på toget, vpn, passordet er feil, mailbox unavailable, skrivefeil`),
	},
})
