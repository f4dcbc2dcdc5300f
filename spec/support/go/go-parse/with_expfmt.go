package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// readWithExpfmt reads a body as most Go programs do. It returns nil for OpenMetrics.
func readWithExpfmt(body []byte, contentType string) *reading {
	format := expfmt.Format(contentType)
	if format.FormatType() == expfmt.TypeOpenMetrics {
		return nil
	}
	read := &reading{Families: map[string]*family{}}
	decoder := expfmt.NewDecoder(bytes.NewReader(body), format)
	for {
		decoded := &dto.MetricFamily{}
		err := decoder.Decode(decoded)
		if errors.Is(err, io.EOF) {
			return read
		}
		if err == nil {
			err = read.addFamily(decoded)
		}
		if err != nil {
			read.Error = err.Error()
			return read
		}
	}
}

func (read *reading) addFamily(decoded *dto.MetricFamily) error {
	name := decoded.GetName()
	if read.Families[name] != nil {
		return fmt.Errorf("the family %q is repeated", name)
	}
	if !utf8.ValidString(name) || !utf8.ValidString(decoded.GetHelp()) || !utf8.ValidString(decoded.GetUnit()) {
		return fmt.Errorf("the family %q is not valid UTF-8", name)
	}
	read.Families[name] = &family{strings.ToLower(decoded.GetType().String()), decoded.GetHelp(), decoded.GetUnit()}
	for _, metric := range decoded.Metric {
		set := labelSet{}
		for _, pair := range metric.Label {
			if err := set.add(pair.GetName(), pair.GetValue()); err != nil {
				return err
			}
		}
		if err := set.add("__name__", name); err != nil {
			return err
		}
		from := len(read.Samples)
		if err := read.addMetric(name, metric, set); err != nil {
			return err
		}
		for _, one := range read.Samples[from:] {
			one.Timestamp = copied(metric.TimestampMs)
		}
	}
	return nil
}

func (read *reading) addMetric(name string, metric *dto.Metric, set labelSet) error {
	add := func(one sample) { read.Samples = append(read.Samples, &one) }
	switch {
	case metric.Counter != nil:
		exemplars, err := exemplarsOf(metric.Counter.Exemplar)
		start := startOf(metric.Counter.CreatedTimestamp)
		add(sample{Labels: set, Value: number(metric.Counter.GetValue()), Start: start, Exemplars: exemplars})
		return err
	case metric.Gauge != nil:
		add(sample{Labels: set, Value: number(metric.Gauge.GetValue())})
	case metric.Untyped != nil:
		add(sample{Labels: set, Value: number(metric.Untyped.GetValue())})
	case metric.Summary != nil:
		own := metric.Summary
		start := startOf(own.CreatedTimestamp)
		add(sample{Labels: set.with("__name__", name+"_count"), Value: number(float64(own.GetSampleCount())), Start: start})
		add(sample{Labels: set.with("__name__", name+"_sum"), Value: number(own.GetSampleSum()), Start: start})
		for _, quantile := range own.Quantile {
			pointSet := set.with("quantile", labels.FormatOpenMetricsFloat(quantile.GetQuantile()))
			add(sample{Labels: pointSet, Value: number(quantile.GetValue()), Start: start})
		}
	case metric.Histogram != nil:
		return read.addHistogram(name, metric.Histogram, set)
	default:
		return fmt.Errorf("a metric of %q without a value", name)
	}
	return nil
}

func (read *reading) addHistogram(name string, own *dto.Histogram, set labelSet) error {
	start := startOf(own.CreatedTimestamp)
	add := func(set map[string]string, value float64, exemplars []*exemplar) {
		read.Samples = append(read.Samples, &sample{Labels: set, Value: number(value), Start: start, Exemplars: exemplars})
	}
	count := float64(own.GetSampleCount())
	if own.SampleCountFloat != nil {
		count = own.GetSampleCountFloat()
	}
	isNative := own.Schema != nil
	if isNative {
		exemplars, err := exemplarsOf(own.Exemplars...)
		if err != nil {
			return err
		}
		histogram := nativeOfMessage(own, count)
		read.Samples = append(read.Samples, &sample{Labels: set, Histogram: histogram, Start: start, Exemplars: exemplars})
	}
	if isNative && len(own.Bucket) == 0 {
		return nil
	}
	add(set.with("__name__", name+"_count"), count, nil)
	add(set.with("__name__", name+"_sum"), own.GetSampleSum(), nil)
	hasLast := false
	for _, bucket := range own.Bucket {
		exemplars, err := exemplarsOf(bucket.Exemplar)
		if err != nil {
			return err
		}
		upTo := float64(bucket.GetCumulativeCount())
		if bucket.CumulativeCountFloat != nil {
			upTo = bucket.GetCumulativeCountFloat()
		}
		hasLast = math.IsInf(bucket.GetUpperBound(), 1)
		add(set.with("__name__", name+"_bucket", "le", labels.FormatOpenMetricsFloat(bucket.GetUpperBound())), upTo, exemplars)
	}
	if !hasLast {
		add(set.with("__name__", name+"_bucket", "le", "+Inf"), count, nil)
	}
	return nil
}

func nativeOfMessage(own *dto.Histogram, count float64) *native {
	zeroCount := float64(own.GetZeroCount())
	if own.ZeroCountFloat != nil {
		zeroCount = own.GetZeroCountFloat()
	}
	return &native{
		Schema:        own.GetSchema(),
		ZeroThreshold: number(own.GetZeroThreshold()),
		ZeroCount:     number(zeroCount),
		Count:         number(count),
		Sum:           number(own.GetSampleSum()),
		Positive:      countsOf(spansOf(own.PositiveSpan), absolute(own.PositiveDelta, own.PositiveCount)),
		Negative:      countsOf(spansOf(own.NegativeSpan), absolute(own.NegativeDelta, own.NegativeCount)),
	}
}

func spansOf(messages []*dto.BucketSpan) []histogram.Span {
	spans := make([]histogram.Span, 0, len(messages))
	for _, message := range messages {
		spans = append(spans, histogram.Span{Offset: message.GetOffset(), Length: message.GetLength()})
	}
	return spans
}

// absolute returns the counts of the buckets: either the sums of the differences, or the counts of a float histogram.
func absolute(deltas []int64, counts []float64) []float64 {
	all := slices.Clone(counts)
	var count int64
	for _, delta := range deltas {
		count += delta
		all = append(all, float64(count))
	}
	return all
}

func exemplarsOf(messages ...*dto.Exemplar) ([]*exemplar, error) {
	var all []*exemplar
	for _, message := range messages {
		if message == nil {
			continue
		}
		set := labelSet{}
		for _, pair := range message.Label {
			if err := set.add(pair.GetName(), pair.GetValue()); err != nil {
				return nil, err
			}
		}
		one := &exemplar{Labels: set, Value: number(message.GetValue())}
		if message.Timestamp != nil {
			time := startOf(message.Timestamp)
			one.Timestamp = &time
		}
		all = append(all, one)
	}
	return all, nil
}

func startOf(timestamp *timestamppb.Timestamp) int64 {
	if timestamp == nil {
		return 0
	}
	return milliseconds(timestamp.GetSeconds(), timestamp.GetNanos())
}
