package lang

var _ = add(Language{
	Tag: "fr",
	Detect: Detect{
		Frequent: words(`le la les de des du et est je ne pas que qui un une en pour dans sur au aux avec mon ma mes ce cette ces il elle nous vous votre vos
mais ou où par plus se sont suis ai avez j'ai n'est c'est d'une l'adresse comment quand depuis merci bonjour peux pouvez faire être avoir été si tout
fonctionne boîte recevoir envoyer toujours aussi très rien`),
		Letters: "éèêçàùâîôû",
	},
	Mail: Mail{
		Greetings:  phrases(`bonjour, bonsoir, salut, madame, monsieur, mesdames, messieurs, cher, chère, chers, chères, coucou`),
		Addressed:  phrases(`à tous, à toutes, tous, toutes, tout le monde, madame, monsieur, et, ou, équipe, l'équipe, le support, support`),
		Thanks:     phrases(`merci, merci beaucoup, merci bien, un grand merci, mille mercis, merci d'avance, avec mes remerciements`),
		ThanksFor:  phrases(`beaucoup, d'avance, par avance, pour votre aide, pour ton aide, pour l'aide, pour votre réponse, pour cette réponse rapide, pour votre réponse rapide, encore, de votre aide, de votre réponse`),
		And:        phrases(`et`),
		Closings:   phrases(`cordialement, bien cordialement, très cordialement, bien à vous, sincèrement, salutations, meilleures salutations, sincères salutations, salutations distinguées, amicalement, cdlt, bonne journée, bonne soirée, bien amicalement, respectueusement`),
		SentFrom:   phrases(`envoyé de mon *, envoyé de ma *, envoyé depuis *, envoyé à partir de *, envoyé avec *, envoyé par *, télécharger outlook pour *, obtenez outlook pour *, obtenir outlook pour *, envoyé via *`),
		Footers:    phrases(`confidentiel* * destinataire*, exclusivement destiné, à l'intention exclusive, pensez à l'environnement, sans virus., cet e-mail est un service de`),
		Wrote:      phrases(`a écrit, écrit, écrivait`),
		Original:   phrases(`message d'origine, message original, message initial, e-mail d'origine, courriel original`),
		Forwarded:  phrases(`début du message transféré, début du message réexpédié, début du courriel transféré, message transféré, message réexpédié`),
		Head:       Head{From: phrases(`de, expéditeur`), Sent: phrases(`envoyé, envoyé le, date`), To: phrases(`à, pour, destinataire`), Subject: phrases(`objet, sujet`), Other: phrases(`copie, copie à, répondre à, importance, pièces jointes`)},
		ReplyAbove: phrases(`au-dessus de cette ligne, au dessus de cette ligne`),
		Bounces:    phrases(`non remis, non distribué, non délivré, échec de la remise, échec de remise, échec de livraison, impossible de remettre, retour de courrier, avis de non-remise`),
		At:         phrases(`arobase`), Dot: phrases(`point`),
		ReplyTags: phrases(`ré, rép, tr`), TicketWords: phrases(`demande, dossier`),
		Secrets: phrases(`mot de passe, code secret, mdp`), SecretIs: phrases(`est, était`),
		Errors: phrases(`erreur, code d'erreur, message d'erreur, code erreur`),
	},
})
