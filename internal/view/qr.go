package view

import (
	"fmt"
	"strings"

	"rsc.io/qr"
)

// quiet is the white border that a QR code needs, in modules (ISO/IEC 18004).
const quiet = 4

// NewQR draws text, a URL, as a QR code with error correction level M.
func NewQR(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return QR{}, fmt.Errorf("QR code: %w", err)
	}
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			if !code.Black(x, y) {
				continue
			}
			w := 1
			for code.Black(x+w, y) {
				w++
			}
			fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, w, w)
			x += w
		}
	}
	return QR{Size: code.Size + 2*quiet, Path: path.String(), URL: text}, nil
}

// SVG returns the code as a picture of its own.
func (q QR) SVG() []byte {
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]d %[1]d" width="%[2]d" height="%[2]d">`+
		`<rect width="%[1]d" height="%[1]d" fill="#fff"/><path d="%[3]s"/></svg>`+"\n", q.Size, 6*q.Size, q.Path)
}
