package lang

var _ = add(Language{
	Tag: "es",
	Detect: Detect{
		Frequent: words(`el la los las de del y es que no en un una por para con mi mis se lo le su sus me al como cómo pero si o está están tengo tiene puedo pueden
desde cuando hola gracias buenos días buenas tardes correo mensaje enviar recibir qué porque muy más esto este esta ya nada todo hay ser hacer fue ha he
funciona también quiero necesito ustedes usted`),
		Letters: "ñ¿¡",
	},
	Mail: Mail{
		Greetings:  phrases(`hola, buenos días, buen día, buenas tardes, buenas noches, buenas, estimado, estimada, estimados, estimadas, querido, querida, muy señores míos`),
		Addressed:  phrases(`a todos, todos, equipo, soporte, señor, señora, señores, sr, sra, y, de`),
		Thanks:     phrases(`gracias, muchas gracias, mil gracias, gracias de antemano, muchísimas gracias`),
		ThanksFor:  phrases(`de antemano, por su ayuda, por tu ayuda, por la ayuda, por la respuesta, por su respuesta, por la rápida respuesta, por todo, otra vez`),
		And:        phrases(`y`),
		Closings:   phrases(`saludos, un saludo, saludos cordiales, cordiales saludos, un cordial saludo, atentamente, cordialmente, atte, reciba un cordial saludo, un abrazo`),
		SentFrom:   phrases(`enviado desde *, enviado con *, enviado de *, obtener outlook para *, descargar outlook para *, obtenga outlook para *, enviado por *`),
		Footers:    phrases(`confidencial* * destinatari*, exclusivamente a su destinatario, antes de imprimir, medio ambiente, libre de virus., este correo electrónico es un servicio de`),
		Wrote:      phrases(`escribió, escribio, escribe`),
		Original:   phrases(`mensaje original, mensaje enviado, mensaje de origen`),
		Forwarded:  phrases(`inicio del mensaje reenviado, comienzo del mensaje reenviado, mensaje reenviado`),
		Head:       Head{From: phrases(`de, remitente`), Sent: phrases(`enviado, enviado el, fecha`), To: phrases(`para, a`), Subject: phrases(`asunto`), Other: phrases(`copia, responder a, importancia, datos adjuntos`)},
		ReplyAbove: phrases(`por encima de esta línea, encima de esta línea, arriba de esta línea, sobre esta línea`),
		Bounces:    phrases(`no se puede entregar, no entregado, no se ha podido entregar, error de entrega, entrega fallida, mensaje devuelto, correo devuelto`),
		At:         phrases(`arroba`), Dot: phrases(`punto`),
		ReplyTags: phrases(`rv, res`), TicketWords: phrases(`caso, solicitud, incidencia`),
		Secrets: words(`contraseña clave`), SecretIs: phrases(`es, era`),
		Errors: phrases(`error, código de error, código`),
	},
})
