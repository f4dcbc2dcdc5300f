import { defaultGraphFile, EmbeddedClient, GraphExecutor, loadGraph } from '@tinyllm/executor';
import { registry } from 'tinyllm';
import { catalog } from 'tinyllm/catalog';
import { metricsAreOff, VERSION } from 'tinyllm/configuration';
import { type Finding, failed, ok } from './finding.js';

const fix = 'install the package again: npm install';

/** Checks the package: it must answer a question and count the request, unless the metrics are off. */
export async function checkPackage(): Promise<Finding> {
  try {
    const before = metricsAreOff() ? undefined : await requests();
    const graph = await loadGraph(defaultGraphFile());
    const { answer } = await new GraphExecutor(graph, { model: new EmbeddedClient() }).execute('What is 2+2?');
    if (answer !== '4') return failed('package', `tinyllm ${VERSION} answered 2+2 with ${JSON.stringify(answer)}`, fix);
    if (before === undefined) return ok('package', `tinyllm ${VERSION} answers questions`);
    if ((await requests()) === before) {
      return failed('package', `tinyllm ${VERSION} answered a question without counting the request`, fix);
    }
    return ok('package', `tinyllm ${VERSION} answers questions and counts requests`);
  } catch (error) {
    return failed('package', `tinyllm ${VERSION} does not work: ${String(error)}`, fix);
  }
}

function requests(): Promise<string> {
  return registry.getSingleMetricAsString(catalog.requests.name);
}
