import { defaultGraphFile, EmbeddedClient, GraphExecutor, loadGraph } from '@tinyllm/executor';
import { registry } from 'tinyllm';
import { catalog } from 'tinyllm/catalog';
import { VERSION } from 'tinyllm/configuration';
import { type Finding, failed, ok } from './finding.js';

const fix = 'build or install it again: npm install';

/** Looks whether the package is whole: a question is answered, and counted. */
export async function checkPackage(): Promise<Finding> {
  try {
    const before = await requests();
    const graph = await loadGraph(defaultGraphFile());
    const { answer } = await new GraphExecutor(graph, { model: new EmbeddedClient() }).execute('What is 2+2?');
    if (answer !== '4') return failed('package', `tinyllm ${VERSION} takes 2+2 for ${JSON.stringify(answer)}`, fix);
    if ((await requests()) === before) {
      return failed('package', `tinyllm ${VERSION} answers, but does not count it`, fix);
    }
    return ok('package', `tinyllm ${VERSION} answers a question, and counts it`);
  } catch (error) {
    return failed('package', `tinyllm ${VERSION} does not work: ${String(error)}`, fix);
  }
}

function requests(): Promise<string> {
  return registry.getSingleMetricAsString(catalog.requests.name);
}
