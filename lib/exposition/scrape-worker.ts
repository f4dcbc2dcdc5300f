import { parentPort } from 'node:worker_threads';
import { ForeignQuestions } from './foreign-questions.js';
import type { HttpServer } from './http-server.js';
import { openMetricsHttpServer } from './open-metrics-http-server.js';
import type { FromScrapeThread, ToScrapeThread } from './scrape-protocol.js';
import { ScrapeSource } from './scrape-source.js';

// What runs in the scrape thread: it reads the shared segments and answers scrapes, whatever the main thread is at.

const tell = (message: FromScrapeThread): void => parentPort?.postMessage(message);
const questions = new ForeignQuestions((question, query) => tell({ type: 'foreign', question, query }));
const source = new ScrapeSource({
  isThere: (gatherer) => gatherer.hasForeign,
  add: async (families, query) => {
    const text = await questions.ask(query);
    return text === undefined ? undefined : { families, text };
  },
});
const onScrape = (): void => tell({ type: 'scraped' });
const onProblem = ({ message }: Error): void => tell({ type: 'problem', message });
let server: HttpServer | undefined;

async function hear(message: ToScrapeThread): Promise<void> {
  switch (message.type) {
    case 'segment':
      source.gatherer.add(message.number, message.buffer);
      break;
    case 'retire':
      source.gatherer.retire(message.number);
      break;
    case 'foreign':
      questions.answer(message.question, message.text);
      break;
    case 'listen':
      try {
        server = await openMetricsHttpServer(message.address, { source, onScrape, onProblem });
        const { host, port } = message.address;
        tell({ type: 'listening', port: await server.listen(host, port) });
      } catch (error) {
        tell({ type: 'refused', message: error instanceof Error ? error.message : String(error) });
      }
      break;
    case 'close':
      await server?.close();
      parentPort?.close();
  }
}

parentPort?.on('message', hear);
