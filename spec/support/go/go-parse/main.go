// Parses exposition bodies with Prometheus's own parsers and prints what they read.
//
// Standard input is a sequence of bodies. Each body has two lines before it: its content type, and its length in bytes.
// Standard output has one line of JSON per body, in the same order. See the type parsed.
//
// With the argument "escape", standard input is a sequence of names as lines of JSON. See escapeNames.
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
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	output := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(output)
	encoder.SetEscapeHTML(false)
	var err error
	switch {
	case len(arguments) == 0:
		err = parseAll(bufio.NewReader(os.Stdin), encoder)
	case arguments[0] == "escape":
		err = escapeNames(json.NewDecoder(os.Stdin), encoder)
	default:
		fmt.Println("Usage: go-parse [escape]")
	}
	return errors.Join(err, output.Flush())
}

func parseAll(input *bufio.Reader, output *json.Encoder) error {
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
