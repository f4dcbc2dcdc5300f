import { debug, json } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { modelVariables } from '../../command/environment-variables.js';
import { modelServerFlags, ollamaServerFlags, readModelServer, readOllamaServer } from '../../flags/model-server.js';

const ollamaFlags = { ...ollamaServerFlags, json, debug } as const;

/** `tinyllm models list`. */
export const modelsList: CommandDeclaration = {
  name: 'models list',
  summary: 'List the models of a server',
  variables: modelVariables,
  flags: { ...modelServerFlags, json, debug },
  example: ['tinyllm models list', 'List the models of Ollama'],
  read: (args) => {
    args.rejectWords();
    const options = { ...readModelServer(args), json: args.switch('json') };
    return async (context) => (await import('./models-list.js')).modelsList(options, context);
  },
};

/** `tinyllm models ps`. */
export const modelsPs: CommandDeclaration = {
  name: 'models ps',
  summary: 'List the models in the memory of Ollama',
  variables: ['OLLAMA_HOST'],
  flags: ollamaFlags,
  example: ['tinyllm models ps', 'Show the loaded models, their memory and when they expire'],
  read: (args) => {
    args.rejectWords();
    const options = { ...readOllamaServer(args, 'lists models in memory'), json: args.switch('json') };
    return async (context) => (await import('./models-ps.js')).modelsPs(options, context);
  },
};

/** `tinyllm models pull`. */
export const modelsPull: CommandDeclaration = {
  name: 'models pull',
  summary: 'Download a model to an Ollama server',
  variables: ['OLLAMA_HOST'],
  argument: { usage: '<name>', name: 'name', type: 'string', describe: 'Name of the model in the Ollama library' },
  flags: ollamaFlags,
  example: ['tinyllm models pull qwen2.5:0.5b', 'Download a small model'],
  read: (args) => {
    const model = args.word('name', 'the name of a model, such as qwen2.5:0.5b');
    if (model === undefined) {
      throw args.usageError('models pull got no name; expected the name of a model, such as qwen2.5:0.5b.');
    }
    const options = { ...readOllamaServer(args, 'downloads models'), model, json: args.switch('json') };
    return async (context) => (await import('./models-pull.js')).modelsPull(options, context);
  },
};
