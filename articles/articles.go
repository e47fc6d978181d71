// Package articles is the sample site of the invented provider Example Mail,
// as it is embedded in the program. It is also the model for writers: every
// feature of the format is used in it somewhere.
package articles

import "embed"

// FS holds the content folder as "signpost init --sample" writes it.
//
//go:embed site.yaml synonyms.txt providers help status
var FS embed.FS
