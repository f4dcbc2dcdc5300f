import { debug, expected, json } from '../../command/common-flags.js';
import type { CommandDeclaration } from '../../command/declaration.js';
import { pluginFlags, readPlugins } from '../../flags/plugin.js';

/** `tinyllm graph check`. */
export const graphCheck: CommandDeclaration = {
  name: 'graph check',
  summary: 'Check that a graph file is valid and holds together',
  failure: 'The file is not in order; it is said where',
  argument: { usage: '<file>', name: 'file', type: 'string', describe: 'Graph file (YAML)' },
  flags: { ...pluginFlags, json, debug },
  example: ['tinyllm graph check my-graph.yaml', 'Say ok, or what is wrong and where'],
  read: (given) => {
    const file = given.word('file', expected.graphFile);
    if (file === undefined) throw given.wrong(`graph check got no file; expected ${expected.graphFile}.`);
    const options = { file, ...readPlugins(given), json: given.switch('json') };
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
    describe: 'Graph file (YAML); without it the default graph',
  },
  flags: { ...pluginFlags, debug },
  example: ['tinyllm graph show my-graph.yaml > my-graph.mmd', 'Draw the graph'],
  read: (given) => {
    const options = { file: given.word('file', expected.graphFile), ...readPlugins(given) };
    return async (context) => (await import('./graph.js')).graphShow(options, context);
  },
};
