// Serves histogram series with client_golang, for the benchmarks.
//
// Usage: go-histograms [-native] SERIES
// Usage: go-histograms [-native] -memory OBSERVATIONS SERIES
//
// The program creates the series and prints the URL of the metrics. Each line of standard input writes a value to each series,
// and the program answers with a line. It exits at the end of standard input.
//
// With -memory, the program prints the bytes of memory per series instead. Each series has that many observations, spread over
// five decades.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"math"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// The first observations of each series, in seconds. The benchmark of TinyLLM uses the same values.
var observations = []float64{0.003, 0.012, 0.047, 0.21, 0.83, 3.7, 42.1}

var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}

func main() {
	native := flag.Bool("native", false, "add a native histogram with the factor 1.1 to each series")
	memory := flag.Int("memory", 0, "print the bytes per series with this number of observations each")
	flag.Parse()
	count, err := strconv.Atoi(flag.Arg(0))
	if err != nil || count < 1 {
		fail(fmt.Errorf("series %q: expected a number from 1", flag.Arg(0)))
	}
	options := prometheus.HistogramOpts{
		Name:    "tinyllm_request_latency_seconds",
		Help:    "Time from the start of a request to its answer.",
		Buckets: buckets,
	}
	if *native {
		options.NativeHistogramBucketFactor = 1.1
		options.NativeHistogramMaxBucketNumber = 160
	}
	histogram := prometheus.NewHistogramVec(options, []string{"model", "graph"})
	if *memory > 0 {
		fmt.Println(bytesPerSeries(histogram, count, *memory))
		return
	}
	if err := serve(histogram, count); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

func create(histogram *prometheus.HistogramVec, count int) []prometheus.Observer {
	series := make([]prometheus.Observer, count)
	for index := range series {
		series[index] = histogram.WithLabelValues(fmt.Sprintf("model-%d", index), "benchmark")
	}
	return series
}

func serve(histogram *prometheus.HistogramVec, count int) error {
	series := create(histogram, count)
	for _, one := range series {
		for _, seconds := range observations {
			one.Observe(seconds)
		}
	}
	registry := prometheus.NewRegistry()
	registry.MustRegister(histogram)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	handler := promhttp.HandlerFor(registry, promhttp.HandlerOpts{EnableOpenMetrics: true})
	go http.Serve(listener, handler)
	fmt.Printf("http://%s/metrics\n", listener.Addr())
	requests := bufio.NewScanner(os.Stdin)
	for round := 0; requests.Scan(); round++ {
		for index, one := range series {
			one.Observe(observations[(round+index)%len(observations)])
		}
		fmt.Println("observed")
	}
	return requests.Err()
}

// bytesPerSeries returns the growth of the heap per series. The first series are excluded.
func bytesPerSeries(histogram *prometheus.HistogramVec, count, observed int) float64 {
	create(histogram, 1)
	before := heapBytes()
	for _, one := range create(histogram, count+1)[1:] {
		for index := range observed {
			one.Observe(latency(index, observed))
		}
	}
	grown := heapBytes() - before
	runtime.KeepAlive(histogram)
	return float64(grown) / float64(count)
}

// latency returns the observation with this index: 100 µs to 10 s, spread evenly on a logarithmic scale.
func latency(index, observed int) float64 {
	return 1e-4 * math.Pow(10, 5*(float64(index)+0.5)/float64(observed))
}

func heapBytes() int64 {
	var statistics runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&statistics)
	return int64(statistics.HeapAlloc)
}
