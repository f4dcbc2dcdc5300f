// A view per tenant: additional labels of TinyLLM's metrics, and the same label on a metric of the application.
import {
  Counter,
  configureMetrics,
  currentLabels,
  startMetricsServer,
  TrackNode,
  TrackRequest,
  withLabels,
} from 'tinyllm';

configureMetrics({
  labels: ['tenant', 'provider'],
  constantLabels: { env: 'prod' },
  dropLabels: { tinyllm_node_execution_duration_seconds: ['tenant'] },
});

const lookups = new Counter({
  name: 'rag_lookups_total',
  help: 'Lookups in the document index.',
  labelNames: ['index', 'tenant'],
});

interface Task {
  readonly tenant: string;
  readonly question: string;
}

class Assistant {
  readonly id = 'assistant';

  @TrackNode()
  async answer(question: string) {
    lookups.inc({ ...currentLabels(), index: 'docs' });
    return (await this.generate(question)).text;
  }

  @TrackRequest({ model: 'echo', labels: { provider: 'local' } })
  async generate(prompt: string) {
    return { text: prompt.toUpperCase(), usage: { inputTokens: 2, outputTokens: 2 } };
  }
}

class Batch {
  // The label comes from the argument.
  @TrackNode({ node: 'batch', labels: { tenant: (_self, [task]) => task.tenant } })
  async run(task: Task) {
    return task.question.length;
  }
}

const assistant = new Assistant();
const server = await startMetricsServer({
  port: 0,
  // Mistakes in labels don't stop the application. Print them.
  onProblem: (problem) => console.warn(problem.message),
});

// All metrics of the call have the label, also after an await.
console.log(await withLabels({ tenant: 'acme' }, () => assistant.answer('hello there')));
await withLabels({ tenant: 'globex' }, () => assistant.answer('good morning'));
await new Batch().run({ tenant: 'acme', question: 'Why is the sky blue?' });
// Without a value, the label is empty.
await assistant.answer('who is there?');

const scrape = await fetch(`${server.url}/metrics`);
for (const line of (await scrape.text()).split('\n')) {
  if (
    /^(tinyllm_(tokens_output_total|node_executions_total|node_execution_duration_seconds_count)|rag_lookups)/.test(
      line,
    )
  ) {
    console.log(line);
  }
}
await server.close();
