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
		Contracted: phrases(`can't = cannot, cant = cannot, can not = cannot, couldn't = cannot, couldnt = cannot,
could not = cannot, unable to = cannot, doesn't = not, doesnt = not, don't = not, dont = not,
isn't = not, isnt = not, didn't = not, didnt = not, hasn't = not, hasnt = not, haven't = not,
havent = not, aren't = not, arent = not, wasn't = not, wasnt = not, won't = not, wont = not,
pls = please, plz = please`),
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
for your reply, for the reply, for your answer, for your response, for the quick answer, for getting back to me, for any suggestions, for any advice, for any ideas, for any input, for any info,
for reading, for looking, for all your help, for all the help, for your consideration, for your attention, for your patience, for a quick reply, for helping, for any comment, for any comments,
for any help with this, for any help on this, for any answer, for any answers, for any help at all, in anticipation, in advanced, a mil, a million, a bunch, a ton, ever so much, to all, for considering this`),
		And: phrases(`and`),
		Closings: phrases(`regards, best regards, kind regards, kindest regards, warm regards, warmest regards, with regards,
with best regards, with kind regards, best wishes, with best wishes, kind wishes, greetings, wishes, best, all the best,
sincerely, yours sincerely, yours faithfully, yours truly, sincerely yours`),
		SentFrom: phrases(`sent from *, sent with *, sent via *, sent by *, sent using *, get outlook for *`),
		Footers: phrases(`confidential * intended recipient, confidential * intended solely, confidential * intended only,
confidential * addressee, confidential * disclos*, privileged * intended recipient, privileged * intended solely,
privileged * intended only, privileged * addressee, privileged * disclos*, intended solely for the use,
intended solely for the person, intended solely for the individual, intended solely for the addressee,
intended only for the use, intended only for the person, intended only for the individual, intended only for the addressee,
consider the environment before printing, virus-free., virus free., virusfree., checked for viruses, scanned for viruses,
checked by avg, checked by avast, scanned by mailscanner, registered office, registered in england, this is a copy of your request, this email is a service from, delivered by zendesk,
powered by zendesk, powered by freshdesk, powered by help scout, you are registered as a cc on this,
to add additional comments reply to this email, you are receiving this email because`),
		Wrote:     phrases(`wrote, writes`),
		Original:  phrases(`original message, original appointment, reply message, this is a copy of the message *, below this line is a copy of the message, original message headers, message header follows, the body of your message *`),
		Forwarded: phrases(`begin forwarded message, forwarded message, forwarded by *, forwarded mail`),
		Head: Head{
			From: phrases(`from`), Sent: phrases(`sent, date`), To: phrases(`to`), Subject: phrases(`subject`),
			Other: phrases(`cc, bcc, reply-to, importance, attachments, resent-from`),
		},
		ReplyAbove: phrases(`above this line, reply above the line, write above the line, type your reply above`),
		Bounces:    phrases(`undeliverable, undelivered mail, undelivered, delivery status notification, mail delivery failed, mail delivery failure, delivery failure, delivery has failed, failure notice, returned mail, mail delivery system, message not delivered, message delivery failure, non-delivery, delivery delayed`),
		At:         phrases(`at`), Dot: phrases(`dot`),
		ReplyTags: phrases(`re, fw, fwd`), TicketWords: phrases(`ticket, case, request`),
		Secrets:  words(`password passphrase passwd pwd pass pw pin puk secret token`),
		SecretIs: phrases(`is, was, is now, was now`),
		Errors:   phrases(`error, errors, code, smtp, status, server responded, server said, server response, reply`),
		Web:      phrases(`in the browser, in my browser, webmail, web mail`),
		Clients:  map[string][]string{"outlook-classic": phrases(`classic outlook`)},
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
			IMAP:    phrases(`imap, inbox, incoming server, incoming mail server, folders, mail app`),
			POP3:    phrases(`pop, pop3, fetching mail, downloading mail, pop download`),
			Submit:  phrases(`smtp, outgoing server, outgoing mail, outgoing mail server, sending, sending mail, outbox`),
			CalDAV:  phrases(`caldav, calendar, calendars, appointments`),
			CardDAV: phrases(`carddav, address book, contacts`),
			Webmail: phrases(`webmail, web mail, web interface, mail in the browser,
webmail page, webmail login, webmail site, mail website, roundcube, mail on the web, online mailbox, browser mail`),
			SignIn:     phrases(`sign-in, sign in, login, log in, logging in, authentication`),
			SpamFilter: phrases(`spam filter, spamfilter, junk filter, filter settings, spam protection`),
			Delivery:   phrases(`delivery, incoming delivery, mail delivery, mx`),
			Websites: phrases(`website, web site, homepage, web page, our site, my site, club site, web hosting, webspace, web server, ftp, sftp,
online shop, onlineshop, webshop, web shop, shop, our page, my page, blog, wordpress, web space, hosting, our pages, my website, our website, the website, my homepage, landing page, www`),
			Domains: phrases(`dns, domain, domains, name server, name servers, nameserver, nameservers, domain search, whois, zone,
domain name, domain names, resolving, resolve, subdomain, subdomains, nxdomain, servfail, dns server, dns servers`),
			Payments: phrases(`payment, payments, card payment, checkout, order page, ordering, paying,
card payments, payment page, pay page, credit card page, billing page, upgrade my plan, entering the card, paypal, renew, renewal, pay, order form`),
		},
		Symptoms: map[Part][]string{
			IMAP: phrases(`no new mail, no new mails, no new messages, no new email, no new emails, cannot get mail, cannot fetch mail,
not getting mail, not getting any mail, not receiving mail, not receiving any mail, cannot receive, do not receive,
mail does not arrive, inbox does not load, inbox will not load, inbox is empty, cannot open my folders, folders do not open,
folders do not load, cannot read mail, cannot read my mail, mail does not load, does not sync, not syncing, stopped syncing,
connection to the mail server, connection to server imap, mail server is not responding, imap server is not responding,
storage server failed, verify account info, nothing comes in, nothing arrives,
0x800ccc0d, 800ccc0d, 0x800ccc0e, 800ccc0e, 0x800ccc0f, 800ccc0f, 0x800ccc19, 800ccc19, 0x80042108, 0x8004210a, 8004210a`),
			POP3: phrases(`cannot download mail, messages are not downloaded, no messages get downloaded, mail is not downloaded,
cannot fetch by pop, pop fetch fails, err temporary failure, err internal error, sys/temp,
0x800ccc0d, 800ccc0d, 0x800ccc0e, 800ccc0e, 0x800ccc0f, 800ccc0f, 0x800ccc19, 800ccc19, 0x80042108, 0x8004210a, 8004210a`),
			Submit: phrases(`cannot send, cannot send mail, cannot send any mail, cannot send email, unable to send, could not be sent,
not going out, does not go out, stuck in the outbox, stays in the outbox, sending fails, sending failed,
sending of the message failed, connection to the outgoing server, connection to smtp, could not connect to smtp,
outgoing server failed, outgoing server does not respond, temporary authentication failure, neither send, can neither send,
0x800ccc0d, 800ccc0d, 0x800ccc0e, 800ccc0e, 0x800ccc0f, 800ccc0f, 0x800ccc19, 800ccc19, 0x80042109, 0x8004210b, 8004210b`),
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
try again later, nothing works, gone, blank, 500, 502, 503, 504,
something went wrong, went wrong, stopped, stopped resolving, cannot reach, could not reach, can not reach, cannot load, cannot open, could not load, could not open, took too long, too long to respond, just spins, spins, spinning, connection reset, reset by peer, disconnects, disconnected, drops the connection, kicks me out, not loading, refused, refuses, rejected, crashes, crashed, freezes, frozen, unresponsive, inaccessible, no connection, lost connection, connection problem, connection problems, connection error, does not come up, will not open, will not come up, goes nowhere, out of order, out of service, acting up, fails every time, shows an error, gives an error, dropped, err_connection_timed_out, returns nothing, err`),
		Since: phrases(`since this morning, since yesterday, since last night, since today, since noon, since lunch, since about, since an hour,
since a few hours, for an hour, for half an hour, for about, for hours, for the last hour, all day, all morning, whole morning,
this morning, this afternoon, this evening, until an hour ago, an hour ago, within an hour, just now, suddenly, all of a sudden, since * o'clock,
started last night, started yesterday, started today, started this morning, started an hour ago, started about, last night, since monday, since the weekend, since early, since around, since * am, since * pm, for the past, for the last, this past hour, as of this morning, from one moment to the next, minutes ago, hours ago, out of the blue`),
		Outage: phrases(`is it down, is the server down, is your server down, is mail down, is webmail down, is something wrong, is there an outage,
outage, downtime, disruption, disturbance, known problem, known issue, problems on your side, on your end, are you having problems,
is anything wrong, when will it be fixed, when will this be fixed, when will it be over, what is going on, what's going on, again??`),
		Others: phrases(`my colleague too, colleagues too, my colleague also, colleague in another, my wife too, my husband too, my neighbour,
same on, the same for, everybody, everyone, whole company, all of us, all users, all five users, all our computers, all devices,
on all devices, whatever device, other devices too, several locations, all mailboxes, customers tell me, visitors tell me, both phones,
same thing, same problem, same issue, same error, wife's phone, husband's phone, all pcs, everyone here, everyone in, everybody in, whole office, entire office, entire company, several of us, all my devices, other customers, every account, every mailbox, all accounts, both of us, both computers, others too, other people, too many customers`),
		Works: phrases(`works, work, works fine, is working, is fine, are fine, is ok, are ok, seems ok, goes fine, is all right, no problem,
does work, do get, do arrive, arrives as usual, arrive as usual, as usual, works well, does open, without problems`),
		Solved: phrases(`works again, work again, is working again, is back, solved, resolved, fixed it, fixed now, it was our router,
it was our firewall, it was my, you can close this, never mind, all good now, problem is gone`),
		Changed: phrases(`since i changed, after i changed, after changing, since changing, i changed my password, after the update, since the update,
since i switched, after i switched, new phone, new computer, new laptop, i forgot, forgot my password, i deleted, wrong password,
is full, mailbox full, mailbox is full, expired, overlooked`),
		Refused: phrases(`password is wrong, password was wrong, wrong password, passwords are wrong, password is incorrect, incorrect password,
password incorrect, invalid password, password is invalid, password is not accepted, password not accepted, passwords are not accepted,
password is no longer accepted, password is not right, password is refused, password was refused, passwords are refused, password refused, password is rejected, password was rejected,
passwords are rejected, password rejected, does not accept my password, does not accept the password, does not take my password,
will not accept my password, will not take my password, refuses my password, refuses the password, rejects my password, rejects the password, asks for my password again,
asks for the password again, keeps asking for my password, keeps asking for the password, keeps asking for a password, asks me for my password all the time,
wants my password again, password again and again, incorrect username or password, wrong user name or password, invalid credentials, invalid login, authentication failed, login failed`),
		Wishes: phrases(`how do i, how can i, how to, how do we, how can we, where do i, where can i, where is the, can i, can we, could i, is it possible,
is there a way, is there a setting, i want to, i would like, i'd like, we want to, we would like, we'd like, i need a, please change, please add,
please cancel, please send, please delete, please move, please set up, change, add, cancel, upgrade, order, invoice, receipt, bill, refund, vat number,
does your, do you support, do you offer, any plans, what does it cost, how much, how big, what is the difference, set up`),
		Short: phrases(`can't = cannot, cant = cannot, can not = cannot, won't = will not, wont = will not, don't = do not, dont = do not, doesn't = does not, doesnt = does not,
didn't = did not, didnt = did not, isn't = is not, isnt = is not, aren't = are not, arent = are not, wasn't = was not, couldn't = could not, couldnt = could not,
hasn't = has not, hasnt = has not, haven't = have not, havent = have not, it's = it is, i'm = i am, i'd = i would, we'd = we would, unable to = cannot, not able to = cannot`),
		Negations: phrases(`not, no, cannot, neither, nor, nothing, never, none, nobody, stopped, refuses to, fails to, without any, not a single, no longer`),
		But:       phrases(`but, while, whereas, although, though, however, only`),
		Receiving: phrases(`receive, receives, receiving, received, receive mail, fetch, fetches, fetching, get mail, get my mail, get any mail, get new mail, gets mail, getting mail, get messages, get email,
get emails, get my emails, get my email, get e-mail, get e-mails, get anything, gets anything, getting anything, getting any, get or send, get nor send, come in, comes in, coming in, came in, arrive, arrives, arriving, arrived,
new mail, new mails, new message, new messages, new email, new emails, new e-mail, new e-mails, mail since, mails since, email since, emails since, e-mail at all, email at all, mail at all, single mail, single message,
incoming mail, incoming mails, incoming messages, incoming email, incoming emails, incoming, load my mail, load my inbox, load mail, read mail, read my mail, read my mails, read my email, read my emails, open my folders,
sync, syncs, syncing, synchronise, synchronize, synchronising, updating, update my inbox, refresh, retrieve, retrieving, download mail, download my mail, download messages, downloading, poll, polls,
come through, comes through, coming through, getting through to my phone, pick up mail, picks up mail, pull mail, pulling mail, load emails, load messages, see new mail, see new emails, see any mail, see any emails, see my mail, see my emails, get my messages, get mails, get my mails, get any mails, get any email, get any emails, get any new mail, inbox, mail through, emails through, show new mail, send receive, send and receive, send or receive, mails in, mail in, emails in, reaching us`),
		Sending: phrases(`send, sends, sending, sent out, be sent, go out, goes out, going out, went out, outgoing, outgoing mail, outgoing mails, outgoing messages, outbox, mail out, mails out, email out, emails out, relay, deliver our mail,
leave the outbox, leaves the outbox, send receive, send and receive, send or receive, send out, get mail out, get mails out, get emails out, reply, replying, smtp, submit mail, sending out, outbound`),
		Spam: phrases(`spam, junk, junk mail, spam mails, spam messages, phishing mails, spams`),
		Waves: phrases(`suddenly, hundreds, dozens, flooded, flood, wave, comes through, come through, coming through, get through, gets through, getting through, got through, let through, lets through, all come in, slip through, slipping through,
every message, all messages, everything, all my mail, all mail, all our mail, all legitimate, much more, far more, ten times, doing anything, switched off, turned off, off today, usually, always were, were always,
land in the junk folder, land in junk, land in spam, lands in junk, goes to junk, goes to spam, go to spam, go to junk, even mails, even mail from, from my own colleagues, straight into, nothing is filtered, not filtered, not filtering, unfiltered`),
		Phones:   phrases(`phone, phones, iphone, iphones, ipad, ipads, tablet, tablets, android, smartphone, mobile, mobiles, galaxy, pixel, mobile phone, cell phone, gmail app, ios`),
		Programs: phrases(`outlook, thunderbird, apple mail, mac mail, desktop, mail program, mail programs, mail client, email client, email program, pc, pcs, laptop, computer, computers, evolution, em client, the bat, entourage, mailbird, kmail, windows mail`),
		All: phrases(`nothing works, nothing is working, everything is down, all is down, everything is dead, all mail is down, mail is down, email is down, e-mail is down, complete outage, total outage, no mail at all, no email at all, no e-mail at all,
mail is completely down, email is completely down, all of our mail is down, mail system is down, your whole service,
no mail whatsoever, no email whatsoever, no e-mail whatsoever, no mails at all, no emails at all, no e-mails at all`),
		Personal: phrases(`hotel, wifi here, at home it works, at home everything works, user unknown, no such user, unknown user, mailbox unavailable, relaying denied, one recipient, one customer, one sender, one person, one contact,
one address, this sender, this address, message too large, too large, size limit, exceeds limit, quota, storage is full, out of space, almost full, forgotten, stolen, lost phone, lost my phone, two-step, two-factor, app password,
password is wrong, my firewall, antivirus, my router, blacklisted, blacklist, blocklist, new phone, on the train, company network, vpn, typing error, typo`),
	},
})
