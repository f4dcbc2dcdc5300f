package main

import (
	"fmt"
	"maps"
	"strconv"
	"unicode/utf8"

	"github.com/prometheus/prometheus/model/value"
)

// reading is the content of a body. Both parsers produce this form, in which a series is one sample, as Prometheus stores it.
type reading struct {
	// Error is the parser's error. Families and samples before the error are included.
	Error    string             `json:"error"`
	Families map[string]*family `json:"families"`
	Samples  []*sample          `json:"samples"`
	isText   bool
}

// family is the metadata of a metric.
type family struct {
	Type string `json:"type"`
	Help string `json:"help"`
	Unit string `json:"unit"`
}

// sample is a number or a native histogram, with its name as the label __name__.
type sample struct {
	Labels map[string]string `json:"labels"`
	// Value is empty for a native histogram.
	Value     string  `json:"value"`
	Histogram *native `json:"histogram"`
	// Timestamp is in milliseconds. Null if there is none.
	Timestamp *int64 `json:"timestamp"`
	// Start is the start timestamp in milliseconds. 0 if there is none.
	Start     int64       `json:"start"`
	Exemplars []*exemplar `json:"exemplars"`
}

// native is a native histogram. The keys of buckets are indexes, and the values are counts, which are not cumulative.
type native struct {
	Schema        int32             `json:"schema"`
	ZeroThreshold string            `json:"zeroThreshold"`
	ZeroCount     string            `json:"zeroCount"`
	Count         string            `json:"count"`
	Sum           string            `json:"sum"`
	Positive      map[string]string `json:"positive"`
	Negative      map[string]string `json:"negative"`
}

type exemplar struct {
	Labels    map[string]string `json:"labels"`
	Value     string            `json:"value"`
	Timestamp *int64            `json:"timestamp"`
}

// number formats a float exactly: the shortest decimal that parses to the same float. The value with which Prometheus marks a
// stale series is also NaN, but a different one.
func number(float float64) string {
	if value.IsStaleNaN(float) {
		return "StaleNaN"
	}
	return strconv.FormatFloat(float, 'g', -1, 64)
}

func milliseconds(seconds int64, nanoseconds int32) int64 {
	return seconds*1000 + int64(nanoseconds)/1_000_000
}

// labelSet collects labels and finds duplicate names and invalid UTF-8, which JSON would hide.
type labelSet map[string]string

func (set labelSet) add(name, value string) error {
	if _, exists := set[name]; exists {
		return fmt.Errorf("the label %q is repeated", name)
	}
	if !utf8.ValidString(name) || !utf8.ValidString(value) {
		return fmt.Errorf("the label %q=%q is not valid UTF-8", name, value)
	}
	set[name] = value
	return nil
}

// with returns a copy with other labels: names and values in turns.
func (set labelSet) with(pairs ...string) map[string]string {
	copied := maps.Clone(set)
	for index := 0; index < len(pairs); index += 2 {
		copied[pairs[index]] = pairs[index+1]
	}
	return copied
}
