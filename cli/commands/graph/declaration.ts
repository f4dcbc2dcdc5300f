import { debug, expected, json } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { pluginFlags, readPlugins } from '../../flags/plugin.js';

/** `tinyllm graph check`. */
export const graphCheck: CommandDeclaration = {
  name: 'graph check',
  summary: 'Check that a graph file is valid',
  failure: 'The file is invalid; the error names the place',
  argument: { usage: '<file>', name: 'file', type: 'string', describe: 'Graph file (YAML)' },
  flags: { ...pluginFlags, json, debug },
  example: ['tinyllm graph check my-graph.yaml', 'Print ok, or the first error and its place'],
  read: (args) => {
    const file = args.word('file', expected.graphFile);
    if (file === undefined) throw args.usageError(`graph check got no file; expected ${expected.graphFile}.`);
    const options = { file, ...readPlugins(args), json: args.switch('json') };
    return async (context) => (await import('./graph.js')).graphCheck(options, context);
  },
};

/** `tinyllm graph show`. */
export const graphShow: CommandDeclaration = {
  name: 'graph show',
  summary: 'Print a graph as a Mermaid flowchart',
  argument: {
    usage: '[file]',
    name: 'file',
    type: 'string',
    describe: 'Graph file (YAML); default: the multi_domain graph',
  },
  flags: { ...pluginFlags, debug },
  example: ['tinyllm graph show my-graph.yaml > my-graph.mmd', 'Write a Mermaid diagram'],
  read: (args) => {
    const options = { file: args.word('file', expected.graphFile), ...readPlugins(args) };
    return async (context) => (await import('./graph.js')).graphShow(options, context);
  },
};
