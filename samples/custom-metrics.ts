// Metrics of your own application: a counter, a histogram with a timer, and a gauge that is updated before each scrape.
import { type BoundCounter, Counter, Gauge, Histogram, startMetricsServer } from 'tinyllm';

const lookups = new Counter({
  name: 'rag_lookups_total',
  help: 'Lookups in the document index.',
  labelNames: ['index', 'outcome'],
});

const lookupSeconds = new Histogram({
  name: 'rag_lookup_duration_seconds',
  help: 'Duration of lookups in the document index.',
  labelNames: ['index'],
  buckets: [0.001, 0.01, 0.1, 1],
});

const openIndexes = new Set<DocumentIndex>();
const documents = new Gauge({
  name: 'rag_documents',
  help: 'Documents in the index.',
  labelNames: ['index'],
  collect() {
    for (const { name, size } of openIndexes) this.set({ index: name }, size);
  },
});

class DocumentIndex {
  readonly #texts: string[] = [];
  readonly #hits: BoundCounter;
  readonly #misses: BoundCounter;

  constructor(readonly name: string) {
    // Each call of `labels` finds the series once. The bound counters then need no lookup.
    this.#hits = lookups.labels({ index: name, outcome: 'hit' });
    this.#misses = lookups.labels({ index: name, outcome: 'miss' });
    openIndexes.add(this);
  }

  get size() {
    return this.#texts.length;
  }

  add(text: string) {
    this.#texts.push(text);
  }

  find(word: string) {
    const endTimer = lookupSeconds.startTimer({ index: this.name });
    try {
      const found = this.#texts.filter((text) => text.includes(word));
      (found.length > 0 ? this.#hits : this.#misses).inc();
      return found;
    } finally {
      endTimer();
    }
  }

  close() {
    openIndexes.delete(this);
    documents.remove({ index: this.name });
  }
}

const server = await startMetricsServer({ port: 0 });

async function printScrape() {
  const scrape = await fetch(`${server.url}/metrics`);
  for (const line of (await scrape.text()).split('\n')) {
    if (/^rag_(lookups_total|lookup_duration_seconds_count|documents)\{/.test(line)) console.log(line);
  }
}

const novels = new DocumentIndex('novels');
novels.add('Call me Ishmael.');
novels.add('All happy families are alike.');
console.log(novels.find('happy'));
novels.find('whale');
await printScrape();

novels.close();
await printScrape();
await server.close();
