package lang

var _ = add(Language{
	Tag: "pt",
	Detect: Detect{
		Frequent: words(`o a os as de do da dos das e é que não em um uma por para com meu minha meus se no na nos nas eu me ao como mas ou está estou tenho tem posso
podem desde quando olá obrigado obrigada bom dia boa tarde mensagem enviar receber porque muito mais isso este esta já nada tudo há ser fazer foi
funciona também quero preciso você vocês consigo`),
		Letters: "ãõç",
	},
	Mail: Mail{
		Greetings:  phrases(`olá, oi, bom dia, boa tarde, boa noite, prezado, prezada, prezados, prezadas, caro, cara, caros, caras, exmos, exmo`),
		Addressed:  phrases(`a todos, todos, equipe, equipa, suporte, senhor, senhora, senhores, sr, sra, e`),
		Thanks:     phrases(`obrigado, obrigada, muito obrigado, muito obrigada, agradeço, agradecido, agradecida, grato, grata, desde já obrigado, desde já agradeço`),
		ThanksFor:  phrases(`desde já, pela ajuda, pela resposta, pela rápida resposta, pela atenção, a atenção, antecipadamente, mais uma vez`),
		And:        phrases(`e`),
		Closings:   phrases(`cumprimentos, com os melhores cumprimentos, melhores cumprimentos, atenciosamente, att, cordialmente, abraço, um abraço, abraços, saudações, com cumprimentos, atentamente`),
		SentFrom:   phrases(`enviado do meu *, enviado da minha *, enviado de *, enviado a partir *, enviado com *, enviado via *, enviado pelo *, obter o outlook para *, obtenha o outlook para *, baixar outlook para *`),
		Footers:    phrases(`confidencia* * destinatári*, exclusivamente ao destinatário, antes de imprimir, livre de vírus., este e-mail é um serviço de`),
		Wrote:      phrases(`escreveu, escreve`),
		Original:   phrases(`mensagem original`),
		Forwarded:  phrases(`início da mensagem encaminhada, início da mensagem reencaminhada, início de mensagem reencaminhada, mensagem encaminhada, mensagem reencaminhada, forwarded message`),
		Head:       Head{From: phrases(`de, remetente`), Sent: phrases(`enviado, enviada, enviado em, enviada em, enviado a, data`), To: phrases(`para`), Subject: phrases(`assunto`), Other: phrases(`cópia, responder para, responder a, prioridade, importância, anexos`)},
		ReplyAbove: phrases(`acima desta linha, acima dessa linha, por cima desta linha`),
		Bounces:    phrases(`não entregue, não é possível entregar, não foi possível entregar, falha na entrega, erro de entrega, devolvido, mensagem devolvida`),
		At:         phrases(`arroba`), Dot: phrases(`ponto`),
		ReplyTags: phrases(`res, enc`), TicketWords: phrases(`chamado, pedido, solicitação`),
		Secrets: phrases(`senha, palavra-passe, palavra passe`), SecretIs: phrases(`é, era`),
		Errors: phrases(`erro, código de erro, código do erro, código`),
	},
})
