// `npm run mutate`: makes mistakes, one at a time, and tells which of them no spec noticed.
// `-- --mutate FILE` looks at one file alone, and leaves README.md as it is.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { options } from './options.js';
import { scores } from './scores.js';

const { values } = parseArgs({
  options: { mutate: { type: 'string', multiple: true }, 'ignore-static': { type: 'boolean' } },
});

const results = await new Stryker({
  ...options,
  ...(values.mutate && { mutate: values.mutate }),
  ...(values['ignore-static'] && { ignoreStatic: true }),
}).runMutationTest();

if (values.mutate === undefined && !values['ignore-static']) {
  const readme = new URL('README.md', import.meta.url);
  const [before = ''] = readFileSync(readme, 'utf8').split(/^(?=## Scores$)/m);
  writeFileSync(readme, before + scores(results));
}
