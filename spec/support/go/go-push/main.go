// Pushes one metric of each type to a Pushgateway or hub with client_golang, in its default format, protobuf.
//
// Usage: go-push URL
// Usage: go-push -grow N URL pushes a native histogram N times. Its resolution and its zero bucket change between the pushes.
// Usage: go-push -record FILE writes the body of the push to a file instead. It created spec/support/go/go-push/push.protobuf.
package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/push"
)

// recorder is an HTTP client that writes the body of each request to a file and returns status 200.
type recorder struct{ file string }

func (r recorder) Do(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	fmt.Println(request.Method, request.URL.Path, request.Header.Get("Content-Type"))
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, os.WriteFile(r.file, body, 0o644)
}

// pushGrowing pushes a histogram with few buckets. Each push adds values that are further apart, so client_golang first
// widens the zero bucket, and then halves the resolution.
func pushGrowing(url string, pushes int) error {
	growing := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "go_growing_seconds", Help: "Growing.",
		NativeHistogramBucketFactor: 1.1, NativeHistogramMaxBucketNumber: 10, NativeHistogramMaxZeroThreshold: 0.01,
	})
	pusher := push.New(url, "go").Grouping("instance", "growing").Collector(growing)
	value := 1.0
	for step := 1; step <= pushes; step++ {
		for count := 0; count < step; count++ {
			growing.Observe(value)
			growing.Observe(-value)
			growing.Observe(1 / value / 256)
		}
		value *= 2
		if err := pusher.Push(); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	record := flag.String("record", "", "write the body of the push to this file")
	grow := flag.Int("grow", 0, "push a growing native histogram this many times")
	flag.Parse()
	url := flag.Arg(0)
	if url == "" {
		url = "http://127.0.0.1:9091"
	}

	if *grow > 0 {
		if err := pushGrowing(url, *grow); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}

	calls := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "go_calls_total", Help: "Calls with \\ and \n."}, []string{"code", "method"})
	calls.WithLabelValues("200", "get").Add(3)
	calls.WithLabelValues("500", "é\"\\\n").(prometheus.ExemplarAdder).AddWithExemplar(1.5, prometheus.Labels{"trace_id": "abc"})
	level := prometheus.NewGauge(prometheus.GaugeOpts{Name: "go_calls", Help: "Has the name of the family of go_calls_total."})
	level.Set(-2.5)
	untyped := prometheus.NewUntypedFunc(prometheus.UntypedOpts{Name: "go_untyped", Help: "Untyped."}, func() float64 { return 7 })
	size := prometheus.NewSummary(prometheus.SummaryOpts{Name: "go_size_bytes", Help: "Summary.", Objectives: map[float64]float64{0.5: 0.05}})
	wait := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "go_wait_seconds", Help: "Classic.", Buckets: []float64{0.5, 1}})
	both := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "go_both_seconds", Help: "Classic and native.", Buckets: []float64{1}, NativeHistogramBucketFactor: 1.1})
	native := prometheus.NewHistogram(prometheus.HistogramOpts{Name: "go_native_seconds", Help: "Native only.", NativeHistogramBucketFactor: 1.1})
	for _, value := range []float64{0.25, 0.75, 4} {
		size.Observe(value)
		wait.Observe(value)
		both.Observe(value)
		native.Observe(value)
	}

	pusher := push.New(url, "go").Grouping("instance", "a/b")
	for _, collector := range []prometheus.Collector{calls, level, untyped, size, wait, both, native} {
		pusher.Collector(collector)
	}
	if *record != "" {
		pusher.Client(recorder{*record})
	}
	if err := pusher.Push(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
