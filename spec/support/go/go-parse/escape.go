package main

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/prometheus/common/model"
)

var schemes = []model.EscapingScheme{
	model.NoEscaping,
	model.UnderscoreEscaping,
	model.DotsEscaping,
	model.ValueEncodingEscaping,
}

// escapeNames reads names as lines of JSON. For each name, it prints the result of each escaping scheme.
func escapeNames(input *json.Decoder, output *json.Encoder) error {
	for {
		var name string
		err := input.Decode(&name)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		escaped := map[string]string{}
		for _, scheme := range schemes {
			escaped[scheme.String()] = model.EscapeName(name, scheme)
		}
		if err := output.Encode(escaped); err != nil {
			return err
		}
	}
}
