// Parses exposition bodies with Prometheus's own parsers and prints what they read.
//
// Standard input is a sequence of bodies. Each body has two lines before it: its content type, and its length in bytes.
// Standard output has one line of JSON per body, in the same order. See the type parsed.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

// parsed contains what each parser read from one body.
type parsed struct {
	Textparse *reading `json:"textparse"`
	// Expfmt is null for OpenMetrics, which expfmt does not support.
	Expfmt *reading `json:"expfmt"`
}

func main() {
	if len(os.Args) > 1 {
		fmt.Println("Usage: go-parse <bodies")
		return
	}
	output := bufio.NewWriter(os.Stdout)
	if err := parseAll(bufio.NewReader(os.Stdin), json.NewEncoder(output)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := output.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func parseAll(input *bufio.Reader, output *json.Encoder) error {
	output.SetEscapeHTML(false)
	for {
		contentType, body, err := readBody(input)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := output.Encode(parsed{readWithTextparse(body, contentType), readWithExpfmt(body, contentType)}); err != nil {
			return err
		}
	}
}

// readBody returns io.EOF after the last body.
func readBody(input *bufio.Reader) (contentType string, body []byte, err error) {
	if contentType, err = input.ReadString('\n'); err != nil {
		return "", nil, err
	}
	length, err := input.ReadString('\n')
	if err != nil {
		return "", nil, fmt.Errorf("a content type without a length: %q", contentType)
	}
	size, err := strconv.Atoi(strings.TrimSpace(length))
	if err != nil {
		return "", nil, fmt.Errorf("length %q: expected a number of bytes", length)
	}
	body = make([]byte, size)
	if _, err := io.ReadFull(input, body); err != nil {
		return "", nil, fmt.Errorf("a body of %d bytes is incomplete", size)
	}
	return strings.TrimSpace(contentType), body, nil
}
