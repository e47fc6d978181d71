package ticket

// tnefLines returns the text of a winmail.dat.
func tnefLines(raw []byte) []line { return nil }
