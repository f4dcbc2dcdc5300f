"""Parses standard input with Prometheus's Python parser, and prints each sample as one line of JSON.

The only argument is the format: text or openmetrics.
"""

import importlib
import io
import json
import sys

module = {
    "text": "prometheus_client.parser",
    "openmetrics": "prometheus_client.openmetrics.parser",
}[sys.argv[1]]
# The parser checks line ends too, so they must not be converted.
text = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="strict", newline="\n")

for family in importlib.import_module(module).text_fd_to_metric_families(text):
    for sample in family.samples:
        exemplar = sample.exemplar and [sample.exemplar.labels, sample.exemplar.value, str(sample.exemplar.timestamp)]
        print(json.dumps([family.name, family.type, family.unit, sample.name, sample.labels, str(sample.value), exemplar]))
