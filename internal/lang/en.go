package lang

var _ = add(Language{
	Tag: "en",
	Search: Search{
		Stop: words(`a about after again all also always am an and any anyone are as at be because been before being
both but by can cannot cant could did didnt do does doesnt doing dont each else even ever every few for from further
get gets getting go going got had has hasnt have havent having he hello help her here hers hey hi him his how however
i id if ill im in into is isnt it its ive just know let like may me might mine more most much must my myself need
never no nor not now of off ok on once one only or other our ours out over own please same shall she should so some
someone still such sure tell than thank thanks that thats the their theirs them then there theres these they thing
things this those though through to too tried try trying under until up upon us use using very want wanted was way we
well were weve what whats when where which while who whom why will wish with without wont would yes yet you your
yours`),
		Ask: words(`how what when where which who whom why am are be been can could did do does had has have is may might
must should was were will would cannot cant didnt doesnt dont hasnt havent isnt wont never no nor not without`),
		Stemmer: English,
		Stems: words(`important=important importance=important importantly=important customer=customer customers=customer
custom=custom customs=custom policy=policy policies=policy police=police general=general generally=general several=several
university=university universe=universe universal=universal business=business businesses=business paste=paste pasted=paste
pasting=paste past=past organ=organ organs=organ organic=organ accountant=accountant accountants=accountant
desktop=desktop posting=posting postings=posting experiment=experiment experiments=experiment experience=experience
community=community communities=community communication=communication internal=internal internally=internal intern=intern
interns=intern personal=personal personally=personal passport=passport passports=passport cant=cannot`),
		Contracted: phrases(`can't = cannot, cant = cannot, can not = cannot, pls = please, plz = please`),
		Ordinary: words(`able above accept across actually add address afternoon again against ago air allow almost alone along already
animal answer appear apple area arm arrive ask autumn away baby back bad bag bank bath beach bear beautiful bed bedroom begin behind
believe below beside best better between big bill bird birthday black blood blue boat body book born both bottle bottom box boy bread
break breakfast bring brother brown build burn bus busy buy cake call camera car care carry cat catch chair change cheap cheese child
children choose church city clean clear climb clock close clothes cloud coat coffee cold colour color come company complete computer
cook cool corner correct cost count country course cover cow cross cup cut dance dark daughter day dead deal dear death deep desk die
different difficult dinner dirty doctor dog door double down draw dream dress drink drive dry during each early earth east easy eat egg
eight eleven empty end enough enter evening event ever everybody everyone everything example excuse expensive explain eye face fact fall
false family famous far farm fast father feel feet few field fifth fight fill film final find fine finger finish fire first fish five
flat floor flower fly follow food foot football forget forgot fork forty found four fox free fresh friday friend front fruit full funny
further future game garden gas girl give glass gold good goodbye grass green grey ground group grow guess hair half hand happen happy
hard hat hate head healthy hear heart heat heavy high hill holiday home horse hospital hotel hour house hundred hungry hurry hurt
husband ice idea ill inside instead interest island jacket job join jump keep key kill kind king kitchen knee knife lady lake lamp
language large last late laugh lay lead learn leave leg lesson letter life light line lion list listen little live long look lose lot
love low lunch machine main make man map mark market married matter meal mean measure meat meet member metal middle mile milk million
mind minute miss monday money monkey month moon morning mother mountain mouth move movie music name nation near neck neighbour never new
newspaper next nice night nine north nose note nothing nowhere number often oil old once onion open orange order other outside
page paint pair paper parent park part party pass past pay peace pen pencil people pepper perhaps person phone photo picture piece pig
pink place plain plan plane plant plate play pleased pocket point poor possible potato pound power press pretty price print probably
problem product public pull push put queen question quick quiet quite radio rain read ready real really reason red remember rest rice
rich ride right ring river road rock room round rule run sad safe salt same sand saturday save school science sea season seat second
seem sell seven shall shape share sheep ship shirt shoe shop short should shoulder shout show shower sick side sign silver simple sing
sister sit six size skin sky sleep slow small smell smile smoke snow soap soft song soon sorry sound soup south space speak special
spoon sport spring square stand star start station stay steal step still stomach stone stop store storm story strange street strong
student study stupid sugar summer sun sunday sure surprise swim table take talk tall taste tax tea teach teacher team tear ten tennis
test than thank theatre thick thin thing think third thirsty thirty those thousand three thursday ticket tie tiger time tired today
together tomorrow tonight tooth top touch town toy traffic train travel tree trip trouble true tuesday turn twelve twenty twice two
type ugly uncle under understand until upon useful usual vegetable village visit voice wait walk wall want war warm wash waste watch
water weak wear weather wednesday week weekend weight welcome west wet wheel white whole wide wife wild win wind window wine winter
wish woman wonderful wood word work world worry worse write wrong yard year yellow yesterday young zoo`),
	},
	Detect: Detect{
		Frequent: words(`the and is of to my it this that with not have has but when from are was can cannot can't you your
what how does do be been on as if or would there which they will i'm i've don't please any just after since our could
should their thanks help were who why where into get got it's while some one other want need use using new change only
like about because more i am me we a an in for no`),
	},
	Mail: Mail{
		Greetings: phrases(`hi, hello, hey, hiya, dear, good morning, good day, good afternoon, good evening, greetings,
to whom it may concern`),
		Addressed: phrases(`there, all, everyone, everybody, team, support, folks, guys, sir, madam, sirs, or, and, again, mr, mrs, ms`),
		Thanks:    phrases(`thanks, thank you, thx, many thanks, with thanks, thanks a lot, thanks so much, thank you so much, cheers`),
		ThanksFor: phrases(`you, again, very much, so much, a lot, in advance, for your help, for any help, for the help, for your time,
for your support, for the support, for your assistance, for any assistance, for the quick reply, for your quick reply,
for your reply, for the reply, for your answer, for your response, for the quick answer, for getting back to me`),
		Closings: phrases(`regards, best regards, kind regards, kindest regards, warm regards, warmest regards, with regards,
with best regards, with kind regards, best wishes, with best wishes, kind wishes, greetings, wishes, best, all the best,
sincerely, yours sincerely, yours faithfully, yours truly, sincerely yours`),
		SentFrom: phrases(`sent from *, sent with *, sent via *, sent by *, sent using *, get outlook for *`),
		Footers: phrases(`confidential * intended recipient, confidential * intended solely, confidential * intended only,
confidential * addressee, confidential * disclos*, privileged * intended recipient, privileged * intended solely,
privileged * intended only, privileged * addressee, privileged * disclos*, intended solely for the use,
intended solely for the person, intended solely for the individual, intended solely for the addressee,
intended only for the use, intended only for the person, intended only for the individual, intended only for the addressee,
consider the environment before printing, virus-free., virus free., virusfree., checked by, checked for viruses, scanned by,
scanned for viruses, registered office, registered in england, this email is a service from, delivered by zendesk,
powered by zendesk, powered by freshdesk, powered by help scout, you are registered as a cc on this,
to add additional comments reply to this email, you are receiving this email because`),
		Wrote:     phrases(`wrote, writes`),
		Original:  phrases(`original message, original appointment, forwarded message, forwarded by *, forwarded mail, reply message`),
		Forwarded: phrases(`begin forwarded message`),
		Head: Head{
			From: phrases(`from`), Sent: phrases(`sent, date`), To: phrases(`to`), Subject: phrases(`subject`),
			Other: phrases(`cc, bcc, reply-to, importance, attachments, resent-from`),
		},
		ReplyAbove: phrases(`above this line, reply above the line, write above the line, type your reply above`),
		ReplyTags:  phrases(`re, fw, fwd`), TicketWords: phrases(`ticket, case, request`),
		Secrets:  words(`password passphrase passwd pwd pass pw pin puk secret token`),
		SecretIs: phrases(`is, was, is now, was now`),
		Errors:   phrases(`error, errors, code, smtp, status, server responded, server said, server response, reply`),
		Web:      phrases(`in the browser, in my browser, webmail, web mail`),
		Apps:     phrases(`mail app`), On: phrases(`on, on my, of, of my, of the, on the, for`),
	},
	Settings: Settings{
		Incoming: words(`incoming`), Outgoing: words(`outgoing submission`),
		Servers: words(`server servers mailserver hostname port ports`),
		Ask:     words(`host settings setting address name names ssl tls encryption mail email e`),
	},
	Days: phrases(`today, tonight, tomorrow, yesterday, this week, this month, this morning, this evening, this night, last week,
last month, last morning, last evening, last night, next week, next month, next morning, next evening, next night`),
	Trouble: Trouble{
		Names: map[Part][]string{
			IMAP:       phrases(`imap, inbox, incoming server, incoming mail, incoming mail server, reading mail, folders, mail app`),
			POP3:       phrases(`pop, pop3, fetching mail, downloading mail, pop download`),
			Submit:     phrases(`smtp, outgoing server, outgoing mail, outgoing mail server, sending, sending mail, outbox`),
			CalDAV:     phrases(`caldav, calendar, calendars, appointments`),
			CardDAV:    phrases(`carddav, address book, contacts`),
			Webmail:    phrases(`webmail, web mail, web interface, mail in the browser`),
			SignIn:     phrases(`sign-in, sign in, login, log in, logging in, authentication`),
			SpamFilter: phrases(`spam filter, spamfilter, junk filter, filter settings, spam protection`),
			Delivery:   phrases(`delivery, incoming delivery, mail delivery, mx`),
			Websites:   phrases(`website, web site, homepage, web page, our site, my site, club site, web hosting, webspace, web server, ftp, sftp`),
			Domains:    phrases(`dns, domain, domains, name server, name servers, nameserver, nameservers, domain search, whois, zone`),
			Payments:   phrases(`payment, payments, card payment, checkout, order page, ordering, paying`),
		},
		Symptoms: map[Part][]string{
			IMAP: phrases(`no new mail, no new mails, no new messages, no new email, no new emails, cannot get mail, cannot fetch mail,
not getting mail, not getting any mail, not receiving mail, not receiving any mail, cannot receive, do not receive,
mail does not arrive, inbox does not load, inbox will not load, inbox is empty, cannot open my folders, folders do not open,
folders do not load, cannot read mail, cannot read my mail, mail does not load, does not sync, not syncing, stopped syncing,
connection to the mail server, connection to server imap, mail server is not responding, imap server is not responding,
storage server failed, verify account info, nothing comes in, nothing arrives`),
			POP3: phrases(`cannot download mail, messages are not downloaded, no messages get downloaded, mail is not downloaded,
cannot fetch by pop, pop fetch fails, err temporary failure, err internal error, sys/temp`),
			Submit: phrases(`cannot send, cannot send mail, cannot send any mail, cannot send email, unable to send, could not be sent,
not going out, does not go out, stuck in the outbox, stays in the outbox, sending fails, sending failed,
sending of the message failed, connection to the outgoing server, connection to smtp, could not connect to smtp,
outgoing server failed, outgoing server does not respond, temporary authentication failure, neither send, can neither send`),
			CalDAV:  phrases(`calendar does not sync, calendar is empty, calendar does not load, appointments are gone, cannot open my calendar`),
			CardDAV: phrases(`contacts do not sync, contacts are gone, address book is empty, address book does not load`),
			Webmail: phrases(`webmail is down, webmail does not open, webmail does not load, cannot get into webmail, cannot open webmail,
webmail shows an error, webmail says, blank page, empty page, white page, cannot save draft, bad gateway,
service temporarily unavailable, storage server failed`),
			SignIn: phrases(`cannot log in, cannot sign in, cannot login, unable to log in, login fails, login failed, log in fails,
sign-in fails, password is not accepted, password suddenly not accepted, logged out all the time, authentication failed`),
			SpamFilter: phrases(`spam filter is not working, filter is not doing anything, much more spam, so much spam, full of spam,
spam comes through, spam gets through, spam all come in, flooded with spam, all marked as spam, filter service unavailable`),
			Delivery: phrases(`mail arrives late, mails arrive late, hours late, delayed, mail is delayed, senders get bounces,
mail to us bounces, nothing arrives from outside, mail never arrives, mail to us is returned, mail has not arrived`),
			Websites: phrases(`website is down, site is down, site is offline, site offline, website offline, page cannot be reached,
site cannot be reached, cannot reach our site, cannot reach us, site does not load, service unavailable, database error,
error establishing a database connection, port 443 is dead, cannot connect by ftp, cannot upload`),
			Domains: phrases(`domain does not resolve, domains do not resolve, name servers do not answer, nameservers do not answer,
name server does not respond, nxdomain, dns_probe_finished_nxdomain, domain is gone, domains are gone, domains gone,
lookup is unavailable, lookup of domain names, dns does not work, cannot be resolved, servfail`),
			Payments: phrases(`payment fails, payment failed, cannot pay, card payment gives an error, payment page gives an error,
payment page, payment is not accepted, card is refused, order does not go through, gateway timeout, checkout fails`),
		},
		Mail: phrases(`mail, mails, e-mail, e-mails, email, emails, mailbox, mailboxes, messages`),
		Failures: phrases(`error, errors, error message, internal error, fails, failed, failing, failure, times out, timed out, timeout,
timeouts, time out, not responding, no response, does not respond, does not answer, do not answer, no answer, is down, are down, down, offline,
unavailable, not available, not reachable, unreachable, cannot be reached, cannot connect, could not connect, unable to connect,
connection refused, connection failed, connection lost, does not work, do not work, is not working, not working, stopped working,
works no longer, no longer works, no longer work, broken, dead, does not open, does not load, will not load, keeps loading, spins forever,
turned and turned, hangs, stuck, bad gateway, service unavailable, temporary failure, temporarily unavailable,
try again later, nothing works, gone, blank, 500, 502, 503, 504`),
		Since: phrases(`since this morning, since yesterday, since last night, since today, since noon, since lunch, since about, since an hour,
since a few hours, for an hour, for half an hour, for about, for hours, for the last hour, all day, all morning, whole morning,
this morning, this afternoon, this evening, until an hour ago, an hour ago, within an hour, just now, suddenly, all of a sudden, since * o'clock`),
		Outage: phrases(`is it down, is the server down, is your server down, is mail down, is webmail down, is something wrong, is there an outage,
outage, downtime, disruption, disturbance, known problem, known issue, problems on your side, on your end, are you having problems,
is anything wrong, when will it be fixed, when will this be fixed, when will it be over, what is going on, what's going on, again??`),
		Others: phrases(`my colleague too, colleagues too, my colleague also, colleague in another, my wife too, my husband too, my neighbour,
same on, the same for, everybody, everyone, whole company, all of us, all users, all five users, all our computers, all devices,
on all devices, whatever device, other devices too, several locations, all mailboxes, customers tell me, visitors tell me, both phones`),
		Works: phrases(`works, work, works fine, is working, is fine, are fine, is ok, are ok, seems ok, goes fine, is all right, no problem,
does work, do get, do arrive, arrives as usual, arrive as usual, as usual, works well, does open, without problems`),
		Solved: phrases(`works again, work again, is working again, is back, solved, resolved, fixed it, fixed now, it was our router,
it was our firewall, it was my, you can close this, never mind, all good now, problem is gone`),
		Changed: phrases(`since i changed, after i changed, after changing, since changing, i changed my password, after the update, since the update,
since i switched, after i switched, new phone, new computer, new laptop, i forgot, forgot my password, i deleted, wrong password,
is full, mailbox full, mailbox is full, expired, overlooked`),
		Wishes: phrases(`how do i, how can i, how to, how do we, how can we, where do i, where can i, where is the, can i, can we, could i, is it possible,
is there a way, is there a setting, i want to, i would like, i'd like, we want to, we would like, we'd like, i need a, please change, please add,
please cancel, please send, please delete, please move, please set up, change, add, cancel, upgrade, order, invoice, receipt, bill, refund, vat number,
does your, do you support, do you offer, any plans, what does it cost, how much, how big, what is the difference, set up`),
	},
})
