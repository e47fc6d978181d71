package autodiscover

import (
	"encoding/xml"
	"errors"
	"fmt"
)

// Decode reads an answer. Exactly one of Outlook and Error is set.
func Decode(src []byte) (*Response, error) {
	if len(src) > MaxRequest {
		return nil, ErrTooLarge
	}
	var r struct {
		XMLName xml.Name
		Outlook *Outlook
		Error   *Error
	}
	if err := xml.Unmarshal(src, &r); err != nil {
		return nil, fmt.Errorf("autodiscover: %w", err)
	}
	switch {
	case r.XMLName != xml.Name{Space: schemaResponse, Local: "Autodiscover"}:
		return nil, fmt.Errorf("autodiscover: the root is %q", r.XMLName.Local)
	case r.Outlook != nil && r.Error == nil:
		return &Response{XMLName: r.XMLName, Outlook: r.Outlook}, nil
	case r.Error != nil && r.Outlook == nil && r.Error.Detail.Code != 0:
		return &Response{XMLName: r.XMLName, Error: r.Error}, nil
	}
	return nil, errors.New("autodiscover: the answer holds neither settings nor an error")
}
