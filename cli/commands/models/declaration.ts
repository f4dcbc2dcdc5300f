import { debug, json } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables } from '../../command/environment-variables.js';
import { modelServerFlags, readModelServer, readOllamaServer } from '../../flags/model-server.js';

const flags = { ...modelServerFlags, json, debug } as const;

/** `tinyllm models list`. */
export const modelsList: CommandDeclaration = {
  name: 'models list',
  summary: 'List the models that a server has',
  variables: modelVariables,
  flags,
  example: ['tinyllm models list', 'List the models that Ollama has'],
  read: (given) => {
    given.nothingElse();
    const options = { ...readModelServer(given), json: given.switch('json') };
    return async (context) => (await import('./models-list.js')).modelsList(options, context);
  },
};

/** `tinyllm models ps`. */
export const modelsPs: CommandDeclaration = {
  name: 'models ps',
  summary: 'List the models that Ollama holds in memory',
  variables: ['OLLAMA_HOST'],
  flags,
  example: ['tinyllm models ps', 'Show what takes memory now, and until when'],
  read: (given) => {
    given.nothingElse();
    const options = { ...readOllamaServer(given, 'tells what it holds in memory'), json: given.switch('json') };
    return async (context) => (await import('./models-ps.js')).modelsPs(options, context);
  },
};

/** `tinyllm models pull`. */
export const modelsPull: CommandDeclaration = {
  name: 'models pull',
  summary: 'Get a model onto the disk of an Ollama server',
  variables: ['OLLAMA_HOST'],
  argument: { usage: '<name>', name: 'name', type: 'string', describe: 'The model, by its name in the Ollama library' },
  flags,
  example: ['tinyllm models pull qwen2.5:0.5b', 'Get a small model'],
  read: (given) => {
    const model = given.word('name', 'the name of a model, such as qwen2.5:0.5b');
    if (model === undefined) {
      throw given.wrong('models pull got no name; expected the name of a model, such as qwen2.5:0.5b.');
    }
    const options = { ...readOllamaServer(given, 'pulls models'), model, json: given.switch('json') };
    return async (context) => (await import('./models-pull.js')).modelsPull(options, context);
  },
};
