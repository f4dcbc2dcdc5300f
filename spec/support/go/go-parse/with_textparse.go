package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	promexemplar "github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

// readWithTextparse reads a body as Prometheus does with native histograms, classic histograms next to them, start timestamps
// and OpenMetrics 2.0.
func readWithTextparse(body []byte, contentType string) *reading {
	read := &reading{Families: map[string]*family{}, isText: !strings.Contains(contentType, "protobuf")}
	parser, err := textparse.New(body, contentType, labels.NewSymbolTable(), textparse.ParserOptions{
		KeepClassicOnClassicAndNativeHistograms: true,
		OpenMetricsSkipSTSeries:                 true,
		EnableOpenMetrics2:                      true,
	})
	if err != nil {
		read.Error = err.Error()
		return read
	}
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return read
		}
		if err == nil {
			err = read.addEntry(parser, entry)
		}
		if err != nil {
			read.Error = err.Error()
			return read
		}
	}
}

func (read *reading) addEntry(parser textparse.Parser, entry textparse.Entry) error {
	switch entry {
	case textparse.EntryHelp:
		name, help := parser.Help()
		if !utf8.Valid(help) {
			return fmt.Errorf("the help of %q is not valid UTF-8", name)
		}
		read.familyOf(name).Help = string(help)
	case textparse.EntryType:
		name, metricType := parser.Type()
		read.familyOf(name).Type = string(metricType)
	case textparse.EntryUnit:
		name, unit := parser.Unit()
		read.familyOf(name).Unit = string(unit)
	case textparse.EntrySeries:
		_, timestamp, value := parser.Series()
		return read.addSample(parser, sample{Value: number(value), Timestamp: copied(timestamp)})
	case textparse.EntryHistogram:
		_, timestamp, integers, floats := parser.Histogram()
		if integers != nil {
			if err := integers.Validate(); err != nil {
				return err
			}
			floats = integers.ToFloat(nil)
		} else if err := floats.Validate(); err != nil {
			return err
		}
		return read.addSample(parser, sample{Histogram: nativeOf(floats), Timestamp: copied(timestamp)})
	case textparse.EntryComment:
	default:
		return fmt.Errorf("unknown entry %d", entry)
	}
	return nil
}

func (read *reading) familyOf(nameBytes []byte) *family {
	name := string(nameBytes)
	if read.isText {
		// The parsers of text formats do not unescape the names of families.
		name = unescaped.Replace(name)
	}
	if read.Families[name] == nil {
		read.Families[name] = &family{}
	}
	return read.Families[name]
}

var unescaped = strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\n`, "\n")

func (read *reading) addSample(parser textparse.Parser, one sample) error {
	var own labels.Labels
	parser.Labels(&own)
	set, err := labelSetOf(own)
	if err != nil {
		return err
	}
	one.Labels = set
	var found promexemplar.Exemplar
	for parser.Exemplar(&found) {
		set, err := labelSetOf(found.Labels)
		if err != nil {
			return err
		}
		kept := &exemplar{Labels: set, Value: number(found.Value)}
		if found.HasTs {
			kept.Timestamp = copied(&found.Ts)
		}
		one.Exemplars = append(one.Exemplars, kept)
		found = promexemplar.Exemplar{}
	}
	one.Start = parser.StartTimestamp()
	read.Samples = append(read.Samples, &one)
	return nil
}

func labelSetOf(own labels.Labels) (labelSet, error) {
	set := labelSet{}
	err := own.Validate(func(label labels.Label) error { return set.add(label.Name, label.Value) })
	return set, err
}

func nativeOf(floats *histogram.FloatHistogram) *native {
	return &native{
		Schema:        floats.Schema,
		ZeroThreshold: number(floats.ZeroThreshold),
		ZeroCount:     number(floats.ZeroCount),
		Count:         number(floats.Count),
		Sum:           number(floats.Sum),
		Positive:      countsOf(floats.PositiveSpans, floats.PositiveBuckets),
		Negative:      countsOf(floats.NegativeSpans, floats.NegativeBuckets),
	}
}

// countsOf returns the counts of populated buckets by index.
func countsOf(spans []histogram.Span, counts []float64) map[string]string {
	byIndex := map[string]string{}
	var index int32
	next := 0
	for _, span := range spans {
		index += span.Offset
		for range span.Length {
			if counts[next] != 0 {
				byIndex[strconv.Itoa(int(index))] = number(counts[next])
			}
			index++
			next++
		}
	}
	return byIndex
}

func copied(milliseconds *int64) *int64 {
	if milliseconds == nil {
		return nil
	}
	value := *milliseconds
	return &value
}
