package hostile

import (
	"testing"

	"signpost/internal/mail/address"
)

// TestAddressesAreValid: a format that refuses one of them refuses a customer.
func TestAddressesAreValid(t *testing.T) {
	for _, a := range Addresses() {
		if got, err := address.Parse(a.String()); err != nil || got != a {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", a, got, err, a)
		}
	}
}
