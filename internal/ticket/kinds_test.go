package ticket_test

import (
	"fmt"
	"strings"
	"testing"

	"signpost/internal/ticket"
)

// read returns the subject and text of a message, and its codes.
func read(t *testing.T, raw string) string {
	t.Helper()
	got, err := ticket.Parse([]byte(raw))
	if err != nil {
		t.Fatalf("%v:\n%s", err, raw)
	}
	return got.Subject + " " + got.Text + " " + strings.Join(got.Codes, " ")
}

// keeps sees to it that the words of want are read and those of not are not.
func keeps(t *testing.T, name, raw, want, not string) {
	t.Helper()
	got := strings.ToLower(read(t, raw))
	for w := range strings.FieldsSeq(strings.ToLower(want)) {
		if !strings.Contains(got, w) {
			t.Errorf("%s: %q is lost; read: %q", name, w, got)
		}
	}
	for w := range strings.FieldsSeq(strings.ToLower(not)) {
		if strings.Contains(got, w) {
			t.Errorf("%s: %q is another's word; read: %q", name, w, got)
		}
	}
}

// letter is longer than any signature.
var letter = strings.Repeat("the beaver stands by the river and looks over it again ", 12)

// page is a message that is HTML only.
func page(body string) string {
	return "From: Jo <jo@example.org>\nSubject: Hi\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n" + body
}

func TestClosingsThatAreNone(t *testing.T) {
	for _, c := range []struct{ name, in, want, not string }{
		{"thanks first", "Hello,\n\nThanks for the help so far.\n\nThe lynx is still not visible.\n\nKind regards\nJo", "lynx visible", "kind jo"},
		{"thanks, then a question", "Thank you very much!\n\nHow do I hide the lynx?", "hide lynx", ""},
		{"wishes first", "Viele Grüße aus Kiel!\n\nDer Luchs lässt sich nicht öffnen.", "luchs öffnen", ""},
		{"thanks in the middle", "I see a lynx.\n\nThanks.\n\nBut it does not move when I press the key.\n\nRegards\nJo Smith\nHead of Sales\nTel. +47 22 33 44 55", "lynx move press", "sales smith"},
		{"Norwegian", "Hei.\nTakk for svaret.\nGaupa vises fremdeles ikke.\nHilsen Kari", "gaupa vises", "kari"},
		{"dashes around an error", "It says:\n-------\nAUTHENTICATIONFAILED\n-------\nWhat now?", "AUTHENTICATIONFAILED what", ""},
		{"a rule, then the question", "My steps\n----\nI open the lynx and press the red button, nothing happens.", "lynx red button", ""},
		{"two dashes, then a code", "It fails.\n--\nlynx: 0x800CCC0E", "lynx 0x800CCC0E", ""},
		{"a signature that asks", "I see a lynx.\n\nRegards\nJo\n\nPS: can I pay by card?", "lynx pay card", ""},
		{"a slogan", "I see a lynx.\n-- \nJo Smith\nNever stop learning, because life never stops teaching.", "lynx", "smith learning"},
		{"company below", "Ich sehe einen Luchs.\n\nMit freundlichen Grüßen\n\nAnna Meier\nMuster GmbH\nHauptstraße 1, 12345 Ort", "luchs", "meier muster"},
		{"French", "Bonjour,\n\nMerci pour votre réponse.\n\nLe lynx ne s'affiche toujours pas.\n\nCordialement\nMarie", "lynx s'affiche", "marie"},
		{"Dutch", "Beste,\n\nAlvast bedankt.\n\nDe lynx werkt nog steeds niet.\n\nMet vriendelijke groet,\nPiet", "lynx werkt", "piet"},
		{"Japanese", "お世話になっております。\n\nありがとうございます。\n\nメールを送信できません。0x800CCC0E\n\nよろしくお願いいたします。\n田中", "送信できません 0x800CCC0E", "田中"},
		{"nothing but wishes", "Best wishes from Bergen", "bergen", ""},
		{"checked", "I see a lynx.\n\nIt was checked by your colleague on Monday already, without any result at all.", "colleague", ""},
	} {
		keeps(t, c.name, c.in, c.want, c.not)
	}
}

func TestQuotesOfTheCustomer(t *testing.T) {
	for _, c := range []struct{ name, in, want, not string }{
		{"an error between", "The lynx says:\n\n> 0x800CCC0E The connection has failed\n\nWhat now?", "lynx 0x800CCC0E connection now", ""},
		{"an error at the end", "My program shows this text:\n\n> Server not found", "program server found", ""},
		{"an indented error", page(`<p>The lynx says</p><blockquote>Cannot connect</blockquote><p>What can I do?</p>`), "lynx connect do", ""},
		{"a Gmail indent", page(`<div>The lynx says:</div><blockquote class="gmail_quote" style="margin:0 0 0 40px;border:none;padding:0px">Cannot connect</blockquote><div>Why?</div>`), "lynx connect why", ""},
		{"an answer in between", "On Mon, 6 Oct 2014 at 09:00, Support <s@example.com> wrote:\n> Is it a beaver?\nNo, a lynx.\n> Which one?\nThe red one.", "lynx red", "beaver which"},
		{"an answer without attribution", "> Is it a beaver?\n\nNo, a lynx.", "lynx", "beaver"},
		{"a long letter", "I see a lynx.\n\n> " + strings.ReplaceAll(letter+letter+letter, "river ", "river\n> ") + "\n\nThat is all.", "lynx", "beaver"},
		{"cited", page(`<p>A lynx.</p><blockquote type="cite"><p>A beaver.</p></blockquote><p>It is red.</p>`), "lynx red", "beaver"},
		{"mbox", "I see a lynx.\n\n>From the start it was red.\n\nWhat now?", "lynx red", ""},
		{"only a quote", "> Where is the lynx?", "lynx", ""},
	} {
		keeps(t, c.name, c.in, c.want, c.not)
	}
}

// TestHeads reads the head of a quoted message as Outlook translates it.
func TestHeads(t *testing.T) {
	for lang, fields := range map[string][4]string{
		"en": {"From", "Sent", "To", "Subject"}, "de": {"Von", "Gesendet", "An", "Betreff"}, "nb": {"Fra", "Sendt", "Til", "Emne"},
		"da": {"Fra", "Sendt", "Til", "Emne"}, "sv": {"Från", "Skickat", "Till", "Ämne"}, "nl": {"Van", "Verzonden", "Aan", "Onderwerp"},
		"fr": {"De ", "Envoyé ", "À ", "Objet "}, "es": {"De", "Enviado el", "Para", "Asunto"}, "it": {"Da", "Inviato", "A", "Oggetto"},
		"pt": {"De", "Enviada em", "Para", "Assunto"}, "pl": {"Od", "Wysłano", "Do", "Temat"}, "fi": {"Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"},
		"cs": {"Od", "Odesláno", "Komu", "Předmět"}, "ru": {"От", "Отправлено", "Кому", "Тема"}, "ja": {"差出人", "送信日時", "宛先", "件名"},
	} {
		head := fmt.Sprintf("%s: Support <s@example.com>\n%s: 12 2026 10:21\n%s: Jo <jo@example.org>\n%s: Re: hi\n\n", fields[0], fields[1], fields[2], fields[3])
		keeps(t, lang, "A lynx?\n\n________________________________\n"+head+letter, "lynx", "beaver")
		keeps(t, lang+", bold", "A lynx?\n\n"+strings.ReplaceAll(strings.ReplaceAll(head, ": Support", ":* Support"), fields[0]+":", "*"+fields[0]+":")+letter, "lynx", "beaver")
		keeps(t, lang+", wide colon", "A lynx?\n\n"+strings.ReplaceAll(head, ": ", "： ")+letter, "lynx", "beaver")
		rows := strings.ReplaceAll(strings.TrimSpace(strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(head)), "\n", "<br>")
		keeps(t, lang+", in one element", page("<div><p>A lynx?</p><p>"+rows+"</p><p>"+letter+"</p></div>"), "lynx", "beaver")
		keeps(t, lang+", Outlook web", page("<div>A lynx?</div><hr><div id=\"x_divRplyFwdMsg\">"+rows+"</div><div>beaver</div>"), "lynx", "beaver")
	}
}

func TestAttributions(t *testing.T) {
	for _, line := range []string{
		"On Tue, 12 May 2026 at 10:21, Support <s@example.com> wrote:",
		"On Tue, 12 May 2026 at 10:21,\nSomebody with a long name\n<s@example.com> wrote:",
		"Am Di., 12. Mai 2026 um 10:21 Uhr schrieb Support <s@example.com>:",
		"Support <s@example.com> schrieb am 12.05.2026 um 10:21:",
		"tir. 12. mai 2026 kl. 10:21 skrev Support <s@example.com>:",
		"Den tirs. 12. maj 2026 kl. 10.21 skrev Support <s@example.com>:",
		"Den tis 12 maj 2026 kl 10:21 skrev Support <s@example.com>:",
		"Op di 12 mei 2026 om 10:21 schreef Support <s@example.com>:",
		"Le mar. 12 mai 2026 à 10:21, Support <s@example.com> a écrit :",
		"El mar, 12 may 2026 a las 10:21, Support (<s@example.com>)\nescribió:",
		"Il giorno mar 12 mag 2026 alle ore 10:21 Support <s@example.com> ha scritto:",
		"Em ter., 12 de mai. de 2026 às 10:21, Support <s@example.com> escreveu:",
		"W dniu 12.05.2026 o 10:21, Support pisze:",
		"wt., 12 maj 2026 o 10:21 Support <s@example.com> napisał(a):",
		"ti 12. toukok. 2026 klo 10.21 Support (s@example.com) kirjoitti:",
		"út 12. 5. 2026 v 10:21 odesílatel Support <s@example.com> napsal:",
		"вт, 12 мая 2026 г. в 10:21, Support <s@example.com>:",
		"12.05.2026 10:21, Support пишет:",
		"2026年5月12日(火) 10:21 Support <s@example.com>:",
		"2026/05/12 10:21、Support <s@example.com>のメール:",
		"12/05/2026 10:21 - Support wrote:",           // OTRS
		`-----"Support" <s@example.com> wrote: -----`, // Notes
	} {
		keeps(t, line, "A lynx?\n\n"+line+"\n\n> A beaver was here.\n> It left.", "lynx", "beaver")
		if !strings.HasPrefix(line, "-") {
			keeps(t, line+" without marks", "A lynx?\n\n"+line+"\n\n"+letter, "lynx", "beaver")
		}
		keeps(t, line+" and an answer below", line+"\n\n> A beaver was here.\n\nA lynx?", "lynx", "beaver")
	}
	for _, in := range []string{
		"My colleague wrote:\nthe lynx is red",
		"I did what you wrote on the phone:\nthe lynx is red",
		"Das Programm schrieb:\nthe lynx is red",
	} {
		keeps(t, in, in, "lynx red", "")
	}
}

func TestTicketSystems(t *testing.T) {
	for _, line := range []string{
		"##- Please type your reply above this line -##",
		"-- reply above this line --",
		"Reply above this line.",
		"---- Please write above this line ----",
		"-- Bitte oberhalb dieser Linie antworten --",
		"Bitte geben Sie Ihre Antwort über dieser Zeile ein.",
		"## Svar over denne linjen ##",
		"— Skriv ditt svar ovanför den här raden —",
		"-- Skriv venligst dit svar over denne linje --",
		"##- Typ uw antwoord boven deze lijn -##",
		"##- Veuillez saisir votre réponse au-dessus de cette ligne -##",
		"##- Escriba su respuesta por encima de esta línea -##",
		"##- Si prega di rispondere sopra questa riga -##",
		"##- Por favor, digite sua resposta acima desta linha -##",
		"##- Proszę wpisać odpowiedź powyżej tej linii -##",
		"##- Kirjoita vastauksesi tämän rivin yläpuolelle -##",
		"##- Odpověď prosím napište nad tuto čáru -##",
		"##- Пожалуйста, введите ответ выше этой линии -##",
		"##- この行より上に返信を入力してください -##",
	} {
		keeps(t, line, "A lynx?\n\n"+line+"\n\nA beaver was here.", "lynx", "beaver")
		keeps(t, line+" in HTML", page("<p>A lynx?</p><div><p>"+line+"</p><p>"+letter+"</p></div>"), "lynx", "beaver")
		keeps(t, line+" first", line+"\n\nA lynx?", "lynx", "")
	}
}

func TestSentFrom(t *testing.T) {
	for _, line := range []string{
		"Sent from my iPad", "Sent from Mail<https://go.example.com/fwlink/?LinkId=550986> for Windows 10", "Sent via Outlook for Android", "Get Outlook for iOS<https://example.com/o>",
		"Von meinem iPhone gesendet", "Gesendet mit Outlook für Android", "Sendt fra min iPhone", "Sendt fra Outlook for Android", "Skickat från min iPhone",
		"Envoyé depuis mon iPhone", "Enviado desde mi iPhone", "Enviado do meu iPhone", "Inviato dal mio iPhone", "Verzonden vanaf mijn iPhone", "Wysłane z iPhone'a",
		"Lähetetty iPhonesta", "Odesláno z iPhonu", "Отправлено с iPhone", "iPhoneから送信", "Sendt fra min iPhone\n\nMvh\nKari",
	} {
		keeps(t, line, "A lynx?\n\n"+line, "lynx", "iphone windows android outlook ipad")
	}
	keeps(t, "a sentence", "Sent from my account, mails come back with 550 5.7.1.\nWhat is wrong?", "account 5.7.1 wrong", "")
	keeps(t, "nothing else", "Sent from my iPhone", "iphone", "")
}

func TestBouncesCount(t *testing.T) {
	report := "From: MAILER-DAEMON@example.net\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=r\n\n" +
		"--r\nContent-Type: text/plain\n\nI could not deliver your message to the lynx.\n--r\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; jo@example.org\nAction: failed\nStatus: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 mailbox full\n" +
		"--r\nContent-Type: message/rfc822\n\nFrom: sam@example.com\nSubject: beaver\n\nA beaver was here.\n--r--\n"
	mixed := func(kind, part string) string {
		return "From: sam@example.com\nSubject: help\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain\n\nWhat is this, heron?\n--m\nContent-Type: " + kind + "\n\n" + part + "\n--m--\n"
	}
	for _, c := range []struct{ name, in, want, not string }{
		{"the report itself", report, "lynx 552 5.2.2", "beaver"},
		{"attached", mixed("message/rfc822", report), "heron lynx 5.2.2", "beaver"},
		{"attached as a file", mixed("application/octet-stream; name=mail.eml", report), "heron lynx 5.2.2", "beaver"},
		{"its status alone", mixed("message/delivery-status", "Status: 5.2.2\nDiagnostic-Code: smtp; 552 5.2.2 full"), "heron 5.2.2", ""},
		{"forwarded", "What is this, heron?\n\n-------- Weitergeleitete Nachricht --------\nVon: Mail Delivery System <mailer-daemon@example.net>\nBetreff: Unzustellbar: hi\nDatum: 12.5.2026\nAn: jo@example.org\n\n552 5.2.2 lynx", "heron 5.2.2 lynx", ""},
		{"forwarded by subject", "What is this, heron?\n\n---------- Forwarded message ---------\nFrom: Server <x@example.net>\nSubject: Delivery Status Notification (Failure)\n\nlynx not found", "heron lynx", ""},
		{"replied to", "What is this, heron?\n\n-----Original Message-----\nFrom: Support <s@example.com>\nSent: Monday\nTo: Jo\nSubject: Re: hi\n\nA beaver said 552 5.2.2", "heron", "beaver"},
		{"with the returned text", "What is this, heron?\n\nBegin forwarded message:\n\nFrom: Mail Delivery Subsystem <mailer-daemon@example.net>\nSubject: Returned mail\n\n552 5.2.2 lynx\n\n----- Original message -----\n\nA beaver was here.", "heron lynx 5.2.2", "beaver"},
		{"no note", "---------- Forwarded message ---------\nFrom: Security <a@example.com>\nSubject: Your mailbox\n\nA lynx took your mailbox.", "lynx", ""},
		{"see below", "Please see below.\n\n---------- Forwarded message ---------\nFrom: Security <a@example.com>\nSubject: Your mailbox\n\nA lynx took your mailbox.", "lynx", ""},
	} {
		keeps(t, c.name, c.in, c.want, c.not)
	}
}

func TestHTMLForms(t *testing.T) {
	for _, c := range []struct{ name, in, want, not string }{
		{"GMX", `<div>A lynx?</div><div name="quote" style="border-left:2px solid #C3D9E5"><div>Gesendet: Montag</div>A beaver.</div>`, "lynx", "beaver"},
		{"Roundcube", `<p>A lynx?</p><p id="reply-intro">On 2026-05-12 10:21, S wrote:</p><blockquote type="cite"><div>A beaver.</div></blockquote>`, "lynx", "beaver"},
		{"Zimbra", `<div>A lynx?</div><hr id="zwchr" data-marker="__DIVIDER__"><div data-marker="__HEADERS__"><b>Od: </b>"S" &lt;s@example.com&gt;<br></div><div>A beaver.</div>`, "lynx", "beaver"},
		{"Outlook desktop", `<div class=WordSection1><p class=MsoNormal>A lynx?</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>Von:</b> S &lt;s@example.com&gt; <br><b>Gesendet:</b> Montag<br><b>An:</b> Jo<br><b>Betreff:</b> x</p></div></div><p>A beaver.</p></div>`, "lynx", "beaver"},
		{"Outlook mobile", `<div>A lynx?</div><div id="ms-outlook-mobile-signature">Get <a href="https://example.com">Outlook for iOS</a></div><div id="mail-editor-reference-message-container"><hr><div id="divRplyFwdMsg"><b>De:</b> S</div>A beaver.</div>`, "lynx", "beaver outlook"},
		{"signature", `<div>A lynx?</div><div class="gmail_signature"><div>Jo Smith</div><div>Sales</div></div>`, "lynx", "smith sales"},
		{"question in the signature", `<div>A lynx.</div><div id="Signature"><div>Can I change it?</div></div>`, "lynx change", ""},
		{"hidden", `<div style="display:none">beaver</div><span style="font-size:0px">otter <b style="font-size:12px">red</b></span><div style="MAX-HEIGHT: 0px; overflow:hidden">badger</div><p>A lynx?</p><p hidden>weasel</p>`, "lynx red", "beaver otter badger weasel"},
		{"nothing but hidden", `<div style="display:none">lynx</div>`, "lynx", ""},
		{"a head without end", `<html><head><title>beaver</title><body><p>A lynx?</p>`, "lynx", "beaver"},
		{"unclosed", `<p>A lynx<p>is <b>red<blockquote type=cite><p>A beaver</blockquote><p>It sleeps.`, "lynx red sleeps", "beaver"},
		{"wrongly nested", `<span style="display:none"><div>beaver</span>badger</div></span><p>A lynx?</p>`, "lynx", "beaver badger"},
	} {
		keeps(t, c.name, page(c.in), c.want, c.not)
	}
}

func TestLooseHeaders(t *testing.T) {
	body := "\n\n<p>A l&yacute;nx?</p>"
	for _, field := range []string{
		"Content-Type: text/html; charset=utf-8 (a comment)", "Content-Type: text/html; charset=utf-8; name=Müller.html", "Content-Type: text/html; charset",
		"Content-Type: text/html charset=utf-8", "Content-Type: TEXT/HTML;;charset=\"utf-8\"", "Content-Type: text/html; charset=utf-8; charset=utf-8",
		"Content-Type: text/html; charset=x-unknown", "Content-Type: text/html;\n\tcharset = utf-8\nContent-Transfer-Encoding: 8-bit",
		"Content-Type: text/html; format=\"flowed", "Content-Type: (x) text/html; a=b=c",
	} {
		if got := read(t, "From: Jo <jo@example.org>\nSubject: Hi\n"+field+body); !strings.Contains(got, "lýnx") || strings.Contains(got, "<p>") {
			t.Errorf("%q: read %q", field, got)
		}
	}
	for name, in := range map[string]string{
		"boundary in a comment": "Content-Type: multipart/mixed; (x) boundary=b; x=Müller\n\n--b\nContent-Type: text/plain; charset=utf-8 (c)\n\nA lynx?\n--b--\n",
		"no boundary":           "Content-Type: multipart/mixed\n\n--b\nContent-Type: text/plain\n\nA lynx?\n--b--\n",
		"wrong boundary":        "Content-Type: multipart/mixed; boundary=x\n\n--b\nContent-Type: text/plain\n\nA lynx?\n--b--\n",
		"no header in the part": "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nA lynx?\n--b--\n",
		"text from the start":   "Content-Type: multipart/mixed; boundary=b\n\n--b\nA lynx?\n--b--\n",
		"encoding with a note":  "Content-Type: text/plain\nContent-Transfer-Encoding: base64 (x)\n\nQSBseW54Pw==\n",
		"unknown encoding":      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: x-none\n\nA lynx?\n--b--\n",
		"only an attachment":    "Content-Type: text/plain; name=note.txt\nContent-Disposition: attachment; filename=note.txt\n\nA lynx?\n",
		"calendar":              "Content-Type: text/calendar\n\nSUMMARY:A lynx?\n",
		"no type of ours":       "Content-Type: text\n\nA lynx?\n",
		"plain is a pointer":    "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease use a program that can show HTML mail.\n--b\nContent-Type: text/html\n\n<p>A lynx?" + strings.Repeat(" It is red and sleeps.", 20) + "</p>\n--b--\n",
	} {
		keeps(t, name, "From: Jo <jo@example.org>\nSubject: Hi\nMIME-Version: 1.0\n"+in, "lynx?", "")
	}
}

func TestLanguageOfTickets(t *testing.T) {
	for in, want := range map[string]string{
		"Goedemiddag, ik kan geen mail verzenden. Wat is er mis en hoe kan ik het oplossen?":                                   "nl",
		"Mijn wachtwoord werkt niet meer sinds gisteren":                                                                       "nl",
		"En voi avata zebra. Mikä on vialla ja en tiedä mitä tehdä?":                                                           "fi",
		"Jeg finner ikke zebra. Hva er galt med det?":                                                                          "nb",
		"Jeg kan ikke modtage mails efter at jeg har skiftet adgangskode. Hvad skal jeg gøre, og hvor finder jeg noget hjælp?": "da",
		"Jag kan inte skicka e-post och vet inte vad jag ska göra":                                                             "sv",
		"Ich kann das zebra nicht finden. Was ist da los?":                                                                     "de",
		"Je ne peux pas envoyer de messages depuis hier":                                                                       "fr",
		"No puedo enviar mensajes desde ayer, qué puedo hacer":                                                                 "es",
		"Non riesco a inviare la posta da ieri, cosa posso fare":                                                               "it",
		"Não consigo enviar mensagens desde ontem":                                                                             "pt",
		"Nie mogę wysłać wiadomości, proszę o pomoc":                                                                           "pl",
		"Nemohu odeslat zprávy, prosím o pomoc":                                                                                "cs",
		"Не могу отправить письмо, что делать":                                                                                 "ru",
		"メールを送信できません":                                                                                                          "ja",
		"I can't send mail from my phone":                                                                                      "en",
		"IMAP 993":                                                                                                             "",
		"K-9 535":                                                                                                              "",
	} {
		if got := ticket.Language(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
