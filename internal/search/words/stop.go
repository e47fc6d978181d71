package words

import "strings"

// Stop words by language, folded. For customers they weigh less than others; for
// tickets, most of which is politeness, they do not count.
var stopWords = map[string]map[string]bool{
	"en": wordSet(stopEnglish),
	"de": wordSet(stopGerman),
	"nb": wordSet(stopNorwegian),
}

// Those of them that make the question or turn it round: interrogatives,
// auxiliary verbs and negations.
var askWords = map[string]map[string]bool{
	"en": wordSet(askEnglish),
	"de": wordSet(askGerman),
	"nb": wordSet(askNorwegian),
}

func wordSet(s string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(s) {
		set[Fold(w)] = true
	}
	return set
}

// HasStops reports whether the stop words of the language are known.
func HasStops(lang string) bool { return stopWords[lang] != nil }

// IsStop reports whether the folded word is a stop word of the language.
func IsStop(lang, folded string) bool { return stopWords[lang][folded] }

// Asks reports whether the folded stop word makes the question, as "how", "can"
// and "not" do.
func Asks(lang, folded string) bool { return askWords[lang][folded] }

// Guess returns the language of a text by its stop words, "" when they are
// fewer than in running text.
func Guess(text string) string {
	count, total := map[string]int{}, 0
	Scan(cut(text, 1<<16), func(t Token) bool {
		total++
		folded := Fold(t.Word)
		for lang, stops := range stopWords {
			if stops[folded] {
				count[lang]++
			}
		}
		return true
	})
	best := ""
	for _, lang := range []string{"en", "de", "nb"} {
		if count[lang]*10 > 3*total && count[lang] > count[best] {
			best = lang
		}
	}
	return best
}

// cut shortens a text to at most n bytes; a sign may be cut in two, which only
// makes it no letter.
func cut(text string, n int) string { return text[:min(len(text), n)] }

const (
	askEnglish = `how what when where which who whom why am are be been can could did do does had has have is may might
must should was were will would cannot cant didnt doesnt dont hasnt havent isnt wont never no nor not without`
	askGerman = `wann warum was welche wer wie wo bin bist hat hatte ist kann kannst können möchte muss müssen
sind soll sollte werden wird wurde würde kein keine keinen nicht nichts ohne`
	askNorwegian = `hva hvem hvor hvordan hvorfor når blir ble er har hadde kan kunne må skal skulle var vil ville
ikke uten`

	stopEnglish = `a about after again all also always am an and any anyone are as at be because been before being
both but by can cannot cant could did didnt do does doesnt doing dont each else even ever every few for from further
get gets getting go going got had has hasnt have havent having he hello help her here hers hey hi him his how however
i id if ill im in into is isnt it its ive just know let like may me might mine more most much must my myself need
never no nor not now of off ok on once one only or other our ours out over own please same shall she should so some
someone still such sure tell than thank thanks that thats the their theirs them then there theres these they thing
things this those though through to too tried try trying under until up upon us use using very want wanted was way we
well were weve what whats when where which while who whom why will wish with without wont would yes yet you your
yours`
	stopGerman = `aber alle allem allen aller alles als also am an ander andere anderen auch auf aus bei beim bin bis
bitte bist da dadurch daher damit danach dann das dass dein deine dem den denn der deren des dessen dich die dies diese
diesem diesen dieser dieses dir doch dort du durch ein eine einem einen einer eines einfach er es etwas euch euer für
gegen geht gibt guten habe haben hallo hat hatte hätte hier hilfe ich ihm ihn ihnen ihr ihre ihrem ihren im immer in
ins ist ja jede jeden jeder jetzt kann kannst kein keine keinen komme kommen können leider machen man mal mehr mein
meine meinem meinen meiner mich mir mit möchte muss müssen nach nicht nichts noch nun nur ob oder ohne schon sehr sein
seine seit sich sie sind so soll sollte sonst tag über um und uns unser unter viel vom von vor wann warum was weil
welche wenn wer werde werden wie wieder will wir wird wo wurde würde zu zum zur vielen dank gruß grüße`
	stopNorwegian = `alle alt altså andre at av bare ble bli blir bør da de deg dei den denne der deres det dette din
ditt du dykk då eg ei eller en enn er et ett etter ein eit for fordi fra fram får få før gjør gjøre god ha hadde han
har hei hele hennes her hjelp hjelpe hos hun hva hvem hvis hvor hvordan hvorfor i ikke inn ja jeg kan kunne litt man
mange med meg men min mine mitt mot må ned nei noe noen nok nå når og også om opp oss over på seg selv si sin sine sitt
skal skulle slik som så takk til under ut uten var ved vi vil ville vår være vært å hilsen mvh`
)
