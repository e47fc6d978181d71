package lang

var _ = add(Language{
	Tag: "de",
	Search: Search{
		Stop: words(`aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis
bitte bist da dadurch daher damit danach dann das dass dein deine dem den denn der deren des dessen dich die dies diese
diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach er es etwas euch euer für
gegen geht gibt guten habe haben hallo hat hatte hätte hier hilfe ich ihm ihn ihnen ihr ihre ihrem ihren im immer in
ins ist ja jede jeden jeder jetzt kann kannst kein keine keinen komme kommen können leider machen man mal mehr mein
meine meinem meinen meiner mich mir mit möchte muss müssen nach nicht nichts noch nun nur ob oder ohne schon sehr sein
seine seit sich sie sind so soll sollte sonst tag über um und uns unser unter viel vom von vor wann warum was weil
welche wenn wer werde werden wie wieder will wir wird wo wurde würde zu zum zur vielen dank gruß grüße`),
		Ask: words(`wann warum was welche wer wie wo bin bist hat hatte ist kann kannst können möchte muss müssen
sind soll sollte werden wird wurde würde kein keine keinen nicht nichts ohne`),
		Stemmer: GermanLight, Compounds: true,
		Stems: words(`konten=konto kontos=konto wichtig=wichtig wichtige=wichtig`),
		Contracted: phrases(`geht's = geht es, gehts = geht es, gibt's = gibt es, gibts = gibt es, hab's = habe es, habs = habe es,
hab = habe, kann's = kann es, kanns = kann es, wie's = wie es, wies = wie es, ist's = ist es, ists = ist es, war's = war es,
ich's = ich es, mach's = mache es, machs = mache es, find's = finde es, wird's = wird es, wirds = wird es, will's = will es,
klappt's = klappt es, klappts = klappt es, läuft's = läuft es, läufts = läuft es, nich = nicht, nix = nichts,
ne = eine, nen = einen, fürs = für das, für's = für das, aufs = auf das, auf's = auf das,
ins = in das, in's = in das, ans = an das, an's = an das, zuviel = zu viel, zuviele = zu viele, zuwenig = zu wenig,
garnicht = gar nicht, garnichts = gar nichts`),
		Linking:   words(`s es n en er e ens`),
		Separable: words(`an ab auf aus bei dar durch ein fest fort frei her heraus herunter hin hinzu hoch los mit nach raus rein runter um unter vor weg weiter wieder zu zurück zusammen`),
		Ordinary: words(`abend abends affe alt alter anfang angst antwort apfel arbeit arm arzt aufgabe auge august auto bad bahn bald ball
bank bauch baum beispiel bein bekommen berg besser best bett bier bild billig bitte blatt blau bleiben blume boden boot brauchen braun
breit brief bringen brot brücke bruder buch büro bunt bus chef dach dame dauern decke deckel denken deutsch dezember dick dienstag ding
donnerstag dorf drei dringend dritte drücken dumm dunkel dünn durst echt ecke egal ehe ei eigentlich eilig eimer eis elf eltern ende
endlich eng ente erde erst erzählen essen fahren fahrrad fallen falsch familie farbe fast februar fehlen feld fenster fern fest feuer
finden finger fisch flasche fleisch fliegen flug fluss fragen frau frei freitag fremd freuen freund frisch froh früh frühling frühstück
fünf fuß gabel ganz garten gast geben geburtstag gehen gelb geld gemüse genau genug gerade gern gestern gesund gewinnen glas glauben
gleich glück gold gras grau groß größe grün gruppe gut haar hälfte hals halten hand hängen hart hase haus haut heiß heißen helfen hell
hemd herbst herr herz heute himmel hoch hoffen holen holz hören hose hotel hund hundert hunger hut idee immer insel jahr januar jemand
jeweils juli jung junge juni kaffee kalt karte katze kaufen kennen kind kirche klar kleid klein klug koch kochen koffer komisch könig kopf
körper kosten krank kuchen küche kuh kurz lachen lampe land lang langsam laufen laut leben lecker leer legen lehrer leicht leid leise
lernen lesen letzte leute licht lieb liegen links loch löffel lustig mai mädchen mal mann markt märz maus meer mensch messer milch
minute mitte mittag mittwoch möbel mögen monat mond montag morgen morgens müde mund musik mutter nachbar nachmittag nacht nah name nase
nass natürlich neben nehmen nein nett neu neun niedrig niemand nochmal norden normal november nummer oben obst ofen oft ohr oktober oma
onkel opa ort osten papier park partei pause pferd pflanze platz plötzlich preis prima probieren problem prüfen rad radio rauchen raum
recht rechts reden regen reich reis reise rennen richtig ring rot rücken rufen ruhe ruhig rund sache sagen salz samstag sand satt schade
scharf scheinen schenken schere schiff schlafen schlagen schlecht schließen schlimm schloss schmal schmutzig schnee schneiden schnell
schön schrank schreien schuh schule schwarz schwer schwester schwimmen sechs see sehen september sieben silber singen sitzen sofort sohn
sommer sonne sonntag sonst spaß spät spiel spielen sport sprechen springen stadt stark stehen stein stelle sterben stern still stimme
strand straße strom stück stuhl stunde suppe süden süß tanz tante tasche tasse tausend tee teller teuer tier tisch tochter tod toll topf
tot traum traurig treffen treppe trinken trocken tun tür übung uhr ungefähr unten urlaub vater verboten vergessen verkaufen verlieren
verstehen vielleicht vier vogel voll vorgestern vorsicht wagen wählen wahr wald wand warm warten waschen wasser weg weich weihnachten
wein weiß weit welt wenig werfen westen wetter wichtig wieso wind winter wissen woche wohnen wohnung wolke wollen wort wunderbar wurst
zahl zahn zehn zeigen zeit zeitung ziehen ziel ziemlich zimmer zucker zug zunge zurzeit zwei zweite zwölf übermorgen`),
	},
	Detect: Detect{
		Frequent: words(`der die das und ist nicht ich mit ein eine einen einer auf für von zu den dem des im kann keine kein wird
werden wenn auch aber wie bei habe haben sich es nach mein meine meinen meinem meiner wir sie oder noch nur bitte über
seit mehr beim zum zur diese dieser dieses mich mir hat sind wurde alle danke wieder immer warum wo ihre was wer da er in um`),
		Letters: "ßäü",
	},
	Mail: Mail{
		Greetings: phrases(`hallo, halli hallo, hallöchen, guten tag, guten morgen, guten abend, moin, moin moin, servus, grüß gott, grüss gott, grüezi,
sehr geehrte, sehr geehrter, sehr geehrtes, liebe, lieber, liebes`),
		Addressed: phrases(`und, zusammen, liebe, lieber, liebes, lieben, damen, herren, leute, herr, frau, team, support, kundenservice, an alle`),
		Thanks: phrases(`danke, dank, vielen dank, besten dank, herzlichen dank, schon mal danke, schon mal vielen dank, danke schön, dankeschön, tausend dank,
lieben dank, vielen lieben dank`),
		ThanksFor: phrases(`im voraus, für ihre hilfe, für eure hilfe, für die hilfe, für die schnelle hilfe, für die schnelle antwort, für ihre antwort, für die antwort,
für ihre schnelle antwort, für die rückmeldung, für ihre mühe, für ihre unterstützung, schön, schon mal, vorab, nochmals`),
		And: phrases(`und, u.`),
		Closings: phrases(`mit freundlichen grüßen, mit freundlichen grüssen, mit besten grüßen, mit besten grüssen, mit herzlichen grüßen, mit herzlichen grüssen,
mit lieben grüßen, mit lieben grüssen, mit vielen grüßen, mit vielen grüssen, viele grüße, viele grüsse, liebe grüße, liebe grüsse, beste grüße, beste grüsse,
schöne grüße, schöne grüsse, herzliche grüße, herzliche grüsse, freundliche grüße, freundliche grüsse, mit freundlichem gruß, mit freundlichem gruss,
grüße, grüsse, gruß, gruss, mfg, lg, vg, hochachtungsvoll`),
		SentFrom: phrases(`von meinem * gesendet, von meiner * gesendet, von meinen * gesendet, gesendet von *, gesendet mit *, gesendet aus *, gesendet über *,
diese nachricht wurde von * gesendet, diese nachricht wurde mit * gesendet, outlook für * beziehen, outlook für * herunterladen, holen sie sich outlook für *,
von * gesendet`),
		Footers: phrases(`e-mail* * vertraulich*, email* * vertraulich*, nachricht* * vertraulich*, mitteilung* * vertraulich*, e-mail* * rechtlich geschützt*,
email* * rechtlich geschützt*, nachricht* * rechtlich geschützt*, mitteilung* * rechtlich geschützt*, nicht der richtige adressat, nicht der beabsichtigte adressat,
nicht der vorgesehene adressat, nicht der richtige empfänger, nicht der beabsichtigte empfänger, nicht der vorgesehene empfänger, denken sie an die umwelt,
virenfrei., auf viren geprüft, auf viren untersucht, amtsgericht, handelsregister, hrb 1*, hrb 2*, hrb 3*, hrb 4*, hrb 5*, hrb 6*, hrb 7*, hrb 8*, hrb 9*,
ust-id*, ustid*, geschäftsführer*, diese e-mail ist ein service von`),
		Wrote:     phrases(`schrieb`),
		Original:  phrases(`ursprüngliche nachricht, originalnachricht, original-nachricht, original nachricht, ursprüngliche mail, ursprünglicher termin`),
		Forwarded: phrases(`anfang der weitergeleiteten nachricht, anfang der weitergeleiteten e-mail, anfang der weitergeleiteten email, weitergeleitete nachricht`),
		Head: Head{
			From: phrases(`von`), Sent: phrases(`gesendet, datum`), To: phrases(`an`), Subject: phrases(`betreff`),
			Other: phrases(`kopie, antwort an, wichtigkeit, priorität, anlagen, blindkopie`),
		},
		ReplyAbove: phrases(`oberhalb dieser linie, oberhalb dieser zeile, über dieser linie, über dieser zeile, über diese linie, oberhalb der linie, über diese zeile`),
		Bounces:    phrases(`unzustellbar, unzustellbar*, zustellung fehlgeschlagen, zustellfehler, fehler bei der zustellung, nicht zugestellt, zustellung verzögert, übermittlung fehlgeschlagen, nachricht nicht zustellbar, nicht zustellbar, zustellbericht`),
		At:         phrases(`ät, klammeraffe`), Dot: phrases(`punkt`),
		ReplyTags: phrases(`aw, wg, antw, antwort, weitergeleitet`), TicketWords: phrases(`vorgang, anfrage, fall`),
		Secrets: words(`passwort kennwort kodewort geheimzahl`), SecretIs: phrases(`ist, war, lautet, ist jetzt`),
		Errors:  phrases(`fehler, fehlercode, fehlermeldung, fehlernummer, server antwortete`),
		Web:     phrases(`im browser, weboberfläche, web mail`),
		Clients: map[string][]string{"outlook-classic": phrases(`klassisches outlook, klassischen outlook, klassische outlook`)},
		Apps:    phrases(`mail-app, mailapp, e-mail-app, email-app`),
		On:      phrases(`auf, auf dem, auf meinem, für, für das, des`),
	},
	Settings: Settings{
		Incoming: words(`posteingang posteingangsserver eingehend`), Outgoing: words(`postausgang postausgangsserver ausgehend`),
		Servers: words(`serverdaten servername servernamen servereinstellungen serveradresse portnummer`),
		Ask:     words(`einstellungen verschlüsselung`),
	},
	Days: phrases(`heute, morgen früh, gestern, diese woche, diese nacht, dieser woche, dieser nacht, diesen monat, letzte woche, letzte nacht, letzter woche, letzter nacht,
letzten woche, letzten nacht, nächste woche, nächste nacht, nächster woche, nächster nacht, nächsten woche, nächsten nacht, diesen woche, diesen nacht`),
	Trouble: Trouble{
		Names: map[Part][]string{
			IMAP:    phrases(`imap, posteingang, posteingangsserver, eingangsserver, ordner`),
			POP3:    phrases(`pop, pop3, pop3-abruf, pop-abruf, mails abholen, abholen`),
			Submit:  phrases(`smtp, postausgang, postausgangsserver, ausgangsserver, versand, mailversand, senden, versenden, verschicken`),
			CalDAV:  phrases(`caldav, kalender, termine`),
			CardDAV: phrases(`carddav, adressbuch, kontakte`),
			Webmail: phrases(`webmail, webmailer, weboberfläche, mail im browser,
webmail-seite, webmail-login, webmailseite, webmail-oberfläche, web-mail, roundcube, mail-webseite, browser-postfach`),
			SignIn:     phrases(`anmeldung, anmelden, login, einloggen, authentifizierung`),
			SpamFilter: phrases(`spamfilter, spam-filter, spamschutz, filtereinstellungen, junkfilter`),
			Delivery:   phrases(`zustellung, mailzustellung, mx`),
			Websites: phrases(`webseite, webseiten, website, websites, homepage, internetseite, internetseiten, unsere seite, unsere seiten, webspace, webhosting, webserver, ftp, sftp,
onlineshop, online-shop, webshop, shop, blog, wordpress, internetauftritt, unserer seite, unserer website, unserer homepage, internet-seite, vereinsseite, firmenseite, hosting, webauftritt`),
			Domains: phrases(`dns, domain, domains, nameserver, namensserver, domainsuche, domainabfrage,
auflösbar, aufgelöst, auflösung, dns-server, domainverwaltung, domain-verwaltung, subdomain, nxdomain, servfail`),
			Payments: phrases(`zahlung, bezahlung, bezahlen, kartenzahlung, bestellung, bestellen, bestellvorgang, kasse,
zahlungsseite, bezahlseite, bezahlvorgang, kreditkarte, kreditkartenzahlung, paypal, verlängern, verlängerung, bestellseite, bestellformular, lastschrift, überweisung, zahlen`),
		},
		Symptoms: map[Part][]string{
			IMAP: phrases(`keine neuen mails, keine neuen e-mails, keine neuen nachrichten, keine mails mehr, keine e-mails mehr, keine mails empfangen, kann nichts empfangen,
kann keine mails empfangen, kann keine e-mails empfangen, empfange keine, bekomme keine mails, bekomme keine e-mails, erhalte keine, kommen keine mails,
kommen keine e-mails, kommt nichts an, kommen nicht an, kommt nicht an, mails werden nicht abgerufen, kann mails nicht abrufen, kann keine mails abrufen,
kann meine mails nicht lesen, kann meine ordner nicht öffnen, ordner öffnen sich nicht, posteingang lädt nicht, posteingang wird nicht geladen, posteingang bleibt leer,
synchronisiert nicht, werden nicht synchronisiert, posteingangsserver antwortet nicht, mailserver antwortet nicht, imap antwortet nicht, weder senden noch empfangen`),
			POP3: phrases(`pop3-abruf bricht ab, abruf bricht ab, abruf bricht, abholen geht nicht, abholen schlägt fehl, werden nicht heruntergeladen, mails werden nicht abgeholt`),
			Submit: phrases(`kann nicht senden, kann nichts senden, kann nichts mehr senden, kann keine mails senden, kann keine e-mails senden, kann nichts verschicken,
kann nichts mehr verschicken, kann keine mails verschicken, kann keine e-mails verschicken, kann keine mails versenden, kann keine e-mails versenden, kann nicht versendet werden,
konnte nicht gesendet werden, werden nicht versendet, werden nicht gesendet, gehen nicht raus, geht nicht raus, bleibt im postausgang, bleiben im postausgang,
hängt im postausgang, hängen im postausgang, postausgang hängen, versand schlägt fehl, versand klappt nicht, versand geht nicht, senden geht nicht, senden klappt nicht,
senden der nachricht fehlgeschlagen, postausgangsserver antwortet nicht, smtp antwortet nicht, weder senden noch empfangen`),
			CalDAV:  phrases(`kalender synchronisiert nicht, kalender lädt nicht, kalender ist leer, termine sind weg, termine fehlen`),
			CardDAV: phrases(`kontakte synchronisieren nicht, kontakte sind weg, adressbuch ist leer, adressbuch lädt nicht`),
			Webmail: phrases(`webmail öffnet nicht, webmail öffnet auch nicht, webmail geht nicht, webmail lädt nicht, webmail ist nicht erreichbar, komme nicht ins webmail,
komme nicht in webmail, komme nicht in das webmail, webmail zeigt, webmail meldet, webmail sagt, leere seite, weiße seite, entwurf speichern geht nicht, dienst vorübergehend nicht verfügbar`),
			SignIn: phrases(`kann mich nicht anmelden, kann mich nicht einloggen, anmeldung schlägt fehl, anmeldung fehlgeschlagen, anmelden geht nicht, login geht nicht,
login fehlgeschlagen, passwort wird nicht akzeptiert, passwort wird nicht angenommen, kennwort wird nicht akzeptiert, werde abgemeldet, komme nicht rein`),
			SpamFilter: phrases(`spamfilter geht nicht, spamfilter ausgefallen, spamfilter funktioniert nicht, massenhaft spam, hunderte spammails, so viel spam, viel mehr spam, voller spam,
spam kommt durch, spam wird nicht gefiltert, alles landet im spam, filter nicht verfügbar, sonst alle ausgefiltert,
mit spam zugemüllt, mit spam überschwemmt, mit spam überflutet, mit spam bombardiert, filter greift nicht, filter greift * nicht, filter filtert nicht, filter filtert * nicht`),
			Delivery: phrases(`kommen verspätet, kommt verspätet, verspätet an, mit stunden verspätung, stunden später, verzögert, absender bekommen fehlermeldungen,
mails an uns kommen zurück, kommen zurück, kommen nie an, wird nicht zugestellt, werden nicht zugestellt`),
			Websites: phrases(`webseite ist down, webseite geht nicht, webseite ist nicht erreichbar, website ist nicht erreichbar, seite ist nicht erreichbar, homepage ist weg, homepage geht nicht,
seite lädt nicht, seiten laden nicht, datenbankfehler, fehler beim aufbau einer datenbankverbindung, datenbankverbindung, komme per sftp nicht drauf, kann nichts hochladen`),
			Domains: phrases(`domain lässt sich nicht auflösen, nirgends mehr auflösen, wird nicht aufgelöst, domain nicht erreichbar, domains sind weg, domain ist weg, nameserver antworten nicht,
nameserver antwortet nicht, dns geht nicht, domainsuche geht nicht, nxdomain`),
			Payments: phrases(`zahlung schlägt fehl, zahlung fehlgeschlagen, zahlung wird abgelehnt, kann nicht bezahlen, bezahlen geht nicht, bestellung bricht ab, bestellen geht nicht,
karte wird abgelehnt, bestellung geht nicht durch, kostenpflichtig bestellen`),
		},
		Mail: phrases(`mail, mails, e-mail, e-mails, email, emails, postfach, postfächer, nachrichten, mailmäßig`),
		Failures: phrases(`fehler, fehlermeldung, fehlercode, fehlgeschlagen, schlägt fehl, schlagen fehl, bricht ab, brechen ab, antwortet nicht, antworten nicht, keine antwort, zeitüberschreitung,
timeout, down, ist down, ausgefallen, offline, nicht erreichbar, nicht verfügbar, nicht zu erreichen, keine verbindung, kann keine verbindung, verbindung fehlgeschlagen,
verbindung abgelehnt, verbindung verloren, verbindung bricht, geht nicht, gehen nicht, geht nicht mehr, gehen nicht mehr, geht nichts, geht nichts mehr, gar nichts, funktioniert nicht,
funktionieren nicht, funktioniert nicht mehr, klappt nicht, klappt nicht mehr, läuft nicht, spinnt, streikt, kaputt, tot, alles tot, öffnet nicht, lädt nicht, lädt ewig, hängt, hängen, dreht sich,
störung, vorübergehend nicht, versuchen sie es später, weg, leer, 500, 502, 503, 504,
fehlermeldungen, verbindungsfehler, verbindungsabbruch, verbindungsabbrüche, gestoppt, hängen geblieben, stockt, lädt nur, lädt und lädt, dreht sich nur, nicht auflösbar, nicht ladbar, nicht mehr erreichbar, nicht zu öffnen, lässt sich nicht öffnen, lassen sich nicht öffnen, lässt sich nicht, kann nicht geöffnet, nicht möglich, abgestürzt, reagiert nicht, reagieren nicht, ohne antwort, keine reaktion, error, bleiben hängen, bleibt hängen, wird abgelehnt, abgelehnt, verweigert, unterbrochen, etwas schiefgelaufen, schief gelaufen, liegt lahm, lahmgelegt, tut sich nichts, passiert nichts, steht still, wird abgebrochen, abgebrochen, gescheitert, scheitert, nicht auffindbar, auf störung, tut nicht, tuts nicht, will nicht, zeigt nur, gibt nur,
nicht mehr auflösbar, nicht mehr aufgelöst, nirgends auflösbar, nicht mehr verfügbar, nicht mehr aufrufbar, nicht aufrufbar, nicht mehr möglich, nicht antwortet, nicht reagiert, nicht lädt, nicht öffnet, nicht erreicht, getrennt, verbindung beendet, lädt auch nichts, lädt nichts, laden nicht, lädt nicht mehr, öffnet nicht mehr, startet nicht`),
		Since: phrases(`seit heute morgen, seit heute früh, seit heute mittag, seit heute nachmittag, seit heute nacht, seit heute, seit gestern, seit gestern abend, seit * uhr, seit einer stunde,
seit einer halben stunde, seit stunden, seit * min, seit * minuten, seit * stunden, seit kurzem, seit eben, den ganzen tag, den ganzen vormittag, heute morgen, heute früh, plötzlich, auf einmal,
vor einer stunde, bis vor einer stunde,
seit heute vormittag, seit dem wochenende, seit montag, seit ein paar stunden, seit ein paar minuten, seit etwa, seit ca, seit rund, seit circa, seit ungefähr, seit gut, seit mittag, seit mitternacht, seit vorhin, vorhin, von jetzt auf gleich, aus heiterem himmel, seit mehreren, seit einigen, seit wenigen, seit halb, seit letzter nacht, gestern abend, ständig`),
		Outage: phrases(`störung, störungen, haben sie eine störung, ist eine störung bekannt, gibt es eine störung, ist der server down, ist ihr server down, ist euer server, ausfall, serverausfall,
ist etwas ausgefallen, ausgefallen, bekanntes problem, probleme bei ihnen, problem bei ihnen, problem bei euch, liegt es an ihnen, wann geht es wieder, wann ist es behoben, was ist los, was ist da los`),
		Others: phrases(`kollege auch, kollegin auch, kollegen auch, bei meinem kollegen, bei meinem bruder, bei meiner frau, bei meinem mann, bei allen, alle kollegen, alle nutzer, die ganze firma,
ganze firma, nachbar, auf allen geräten, alle geräte, allen rechnern, anderen rechner, mehreren standorten, allen postfächern, alle postfächer, bei uns allen,
genauso, dasselbe, das gleiche, das selbe, bei uns im büro, im ganzen büro, ganzes team, ganze team, alle mitarbeiter, kollegen, mehrere kunden, mehrere personen, andere auch, anderen auch, alle konten, allen konten, beiden geräten, mehreren geräten, verschiedenen geräten, meiner frau auch, meinem mann auch, unsere kunden, besucher`),
		Works: phrases(`geht, gehen, klappt, funktioniert, funktionieren, läuft, ist in ordnung, ist ok, kommen an, kommen die mails an, wie immer, wie gewohnt, geht gut, ohne probleme`),
		Solved: phrases(`geht wieder, gehen wieder, klappt wieder, klappt jetzt wieder, funktioniert wieder, läuft wieder, erledigt, hat sich erledigt, gelöst, behoben, es lag an unserer, es lag an meinem,
es lag am, kann geschlossen werden`),
		Changed: phrases(`seit ich * geändert, nachdem ich * geändert, passwort geändert, seit dem update, nach dem update, seit der umstellung, neues handy, neues telefon, neuer rechner, neuen rechner, neuer laptop,
passwort vergessen, kennwort vergessen, habe vergessen, gelöscht, falsches passwort, ist voll, postfach voll, postfach ist voll, abgelaufen`),
		Refused: phrases(`passwort ist falsch, passwort sei falsch, passwort wäre falsch, passwort falsch, falsches passwort, passwort nicht korrekt, passwort ist nicht korrekt,
passwort ist ungültig, passwort ungültig, ungültiges passwort, passwort wird nicht akzeptiert, passwort wird nicht angenommen, passwort nicht akzeptiert, passwort nicht angenommen,
passwort wird abgelehnt, passwort wurde abgelehnt, passwort abgelehnt, passwörter werden abgelehnt, passwörter werden nicht akzeptiert, passwörter werden nicht angenommen, lehnt mein passwort ab, lehnt das passwort ab,
nimmt mein passwort nicht, nimmt das passwort nicht, akzeptiert mein passwort nicht, akzeptiert das passwort nicht, fragt immer wieder nach dem passwort, fragt ständig nach dem passwort,
fragt dauernd nach dem passwort, will immer wieder das passwort, passwortabfrage kommt immer wieder, kennwort ist falsch, kennwort sei falsch, kennwort falsch, falsches kennwort, kennwort wird nicht akzeptiert, kennwort wird abgelehnt,
kennwort abgelehnt, kennwörter werden abgelehnt, fragt ständig nach dem kennwort, fragt immer wieder nach dem kennwort, anmeldedaten sind falsch, zugangsdaten sind falsch, falsche zugangsdaten, falsche anmeldedaten, authentifizierung fehlgeschlagen, anmeldung fehlgeschlagen`),
		Wishes: phrases(`wie kann ich, wie können wir, wie mache ich, wie richte ich, wie geht das, wie stelle ich, wo finde ich, wo kann ich, kann ich, können wir, können sie, ist es möglich, gibt es eine möglichkeit,
gibt es die möglichkeit, ich möchte, wir möchten, ich würde gerne, ich hätte gerne, ich brauche, bitte ändern, bitte korrigieren, bitte kündigen, bitte löschen, bitte schicken, ändern, hinzufügen, kündigen,
kündigung, bestellen, dazubuchen, rechnung, rechnungen, quittung, beleg, umsatzsteuer-nummer, rückerstattung, erstattung, was kostet, wie viel, wie groß, unterstützen sie, bieten sie, umziehen, umzug, einrichten`),
		Short:     phrases(`gehts = geht es, gibts = gibt es, funktionierts = funktioniert es, klappts = klappt es, krieg = bekomme, kriege = bekomme, kriegen = bekommen, kriegt = bekommt, hab = habe`),
		Negations: phrases(`nicht, nichts, kein, keine, keinen, keiner, keinerlei, weder, noch, nie, niemand, nirgends, unmöglich, nimmer, nix`),
		But:       phrases(`aber, jedoch, während, obwohl, dagegen, nur`),
		Receiving: phrases(`empfangen, empfang, empfange, empfängt, abrufen, abruf, abgerufen, abholen, abgeholt, mails holen, mail mehr an, mails mehr an, nachricht mehr an, nachrichten mehr an, kommt an, kommen an, neue mail, neuen mail, neue mails, neuen mails,
neue nachrichten, neuen nachrichten, neue e-mails, neuen e-mails, bekomme, bekommen, bekommt, erhalte, erhalten, erhält, ankommen, mails rein, mail rein, nachrichten rein, nichts rein, nichts mehr rein, kommt * rein, herein, herunterladen, heruntergeladen, runterladen, synchronisieren, synchronisiert, eingehende, eingehende mails,
posteingang, mails lesen, mails laden, mails geladen, postfach öffnen, postfach laden, mails auf,
aufs handy, mails mehr, keine mails, keine mail, keine e-mails, keine e-mail, keine nachrichten, mails an, mails reinkommen, reinkommen, kommt rein, kommen rein, durchkommen, eingang, eingegangen, eingehen, postfach, abgleich, abgleichen, aktualisieren, aktualisiert, mails sehen, mails anzeigen, mails abrufen, senden empfangen, holen`),
		Sending: phrases(`senden, sende, sendet, gesendet, verschicken, verschicke, verschickt, versenden, versendet, versand, mailversand, abschicken, rausschicken, raus, schicken, postausgang, ausgehende, ausgehende mails, hinaus,
smtp, rausgehen, rausgeschickt, losschicken, abgeschickt, abgesendet, absenden, mails schreiben, hinausgehen, rauszuschicken, zu senden, zu verschicken, zu versenden, senden empfangen`),
		Spam: phrases(`spam, spams, spammails, spam-mails, spam mails, junk, werbemüll, müllmails, spamnachrichten`),
		Waves: phrases(`zugemüllt, zugespammt, überschwemmt, bombardiert, plötzlich, auf einmal, massenhaft, hunderte, dutzende, überflutet, flut, welle, durch, durchgelassen, lässt durch, ungefiltert, alles, alle mails, viel mehr, ohne ende, sonst, normalerweise, verrückt, ausgeschaltet, abgeschaltet, jede mail,
im spam-ordner, im spamordner, im junk-ordner, landet im spam, landen im spam, sogar mails, auch mails von, direkt im posteingang, nicht gefiltert, nicht mehr gefiltert, filtert nicht, filtert nichts, filtert gar nichts, sortiert nichts`),
		Phones:   phrases(`handy, handys, telefon, iphone, iphones, ipad, ipads, tablet, tablets, android, smartphone, smartphones, mobil, gmail-app, galaxy, ios`),
		Programs: phrases(`outlook, thunderbird, apple mail, mailprogramm, mailprogramme, e-mail-programm, mailclient, pc, pcs, laptop, rechner, rechnern, computer, computern, desktop, evolution, em client, the bat`),
		All: phrases(`alles tot, alles ist tot, alles down, alles steht, alles ausgefallen, gar nichts geht, geht gar nichts, es geht nichts mehr, nichts geht mehr, nichts funktioniert, funktioniert nichts, totalausfall, mail ist komplett, mails sind komplett, mail geht gar nicht,
kompletter ausfall, komplettausfall`),
		Personal: phrases(`hotel, user unknown, unbekannter benutzer, benutzer unbekannt, ein kunde, einen kunden, einem kunden, ein empfänger, einen empfänger, einem empfänger, ein absender, einem absender, diesen absender, dieser absender, eine adresse, eine bestimmte,
zu groß, größenbeschränkung, kontingent, speicher voll, fast voll, vergessen, gestohlen, handy verloren, zwei-faktor, app-passwort, meine firewall, virenscanner, mein router, meinem router, blacklist, sperrliste, firmennetz, im zug, vpn, passwort falsch, kennwort falsch,
kennwort geändert, tippfehler, unzustellbar`),
	},
})
