package lang

var _ = add(Language{
	Tag: "ja",
	Detect: Detect{
		Script: "Hiragana",
	},
	Mail: Mail{
		Greetings:  phrases(`こんにちは, こんばんは, おはようございます, はじめまして, 初めまして, お世話になります, お世話になっております, いつもお世話になっております, いつもお世話になります, お疲れ様です, 拝啓`),
		Thanks:     phrases(`ありがとうございます, ありがとうございました, どうもありがとうございます, ご返信ありがとうございます, 早速のご返信ありがとうございます, ご連絡ありがとうございます, 感謝いたします`),
		Closings:   phrases(`よろしくお願いします, よろしくお願いいたします, よろしくお願い致します, 宜しくお願いします, 宜しくお願いいたします, 宜しくお願い致します, どうぞよろしくお願いいたします, 以上, 敬具, 以上よろしくお願いします, 以上よろしくお願いいたします`),
		SentFrom:   phrases(`iphoneから送信, ipadから送信, 私のiphoneから送信, androidから送信, * から送信, iosから送信, outlook for *, * を入手`),
		Wrote:      phrases(`のメール, さんは書きました, が書きました, 書きました, さんからのメッセージ`),
		Original:   phrases(`元のメッセージ, 元のメール, オリジナルメッセージ`),
		Forwarded:  phrases(`転送されたメッセージ, 転送されたメール, 転送されたメッセージの始まり, 以下転送, 転送メッセージ`),
		Head:       Head{From: phrases(`差出人, 送信者, 送信元, from`), Sent: phrases(`送信日時, 送信日, 日付, 日時, 送信済み`), To: phrases(`宛先, 受信者`), Subject: phrases(`件名, 題名`), Other: phrases(`返信先, 重要度, 添付ファイル, ｃｃ`)},
		ReplyAbove: phrases(`この行より上に, この線より上に, この行の上に, この線の上に, この行より上`),
		Bounces:    phrases(`配信不能, 配信できません, 配信できませんでした, 配送できません, 配信エラー, 配信失敗, 未配信, 送信できませんでした`),
		At:         phrases(`アットマーク`), Dot: phrases(`ドット`),
		ReplyTags: phrases(`返信, 転送`), TicketWords: phrases(`チケット, お問い合わせ番号, 受付番号`),
		Secrets: words(`パスワード 暗証番号`), SecretIs: phrases(`は`),
		Errors: phrases(`エラー, エラーコード, エラー番号`),
	},
})
