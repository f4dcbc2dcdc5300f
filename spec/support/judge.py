"""Reads standard input as Prometheus's own Python parser does; prints each sample as a line of JSON.

The one argument is the format: text or openmetrics.
"""

import importlib
import io
import json
import sys

module = {
    "text": "prometheus_client.parser",
    "openmetrics": "prometheus_client.openmetrics.parser",
}[sys.argv[1]]
# Line ends are part of what is judged, so nothing may translate them.
given = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8", errors="strict", newline="\n")

for family in importlib.import_module(module).text_fd_to_metric_families(given):
    for sample in family.samples:
        exemplar = sample.exemplar and [sample.exemplar.labels, sample.exemplar.value, str(sample.exemplar.timestamp)]
        print(json.dumps([family.name, family.type, family.unit, sample.name, sample.labels, str(sample.value), exemplar]))
