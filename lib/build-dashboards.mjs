// Replaces the module that builds Grafana dashboards by their templates as JSON, so that the published package doesn't
// need Grafana's SDK.

import { build } from 'esbuild';

/** An esbuild plugin for `@tinyllm/monitoring`. It runs the sources of its `grafana` room. */
export function dashboardsAsData() {
  return {
    name: 'dashboards-as-data',
    setup: ({ onLoad }) =>
      onLoad({ filter: /[\\/]grafana[\\/]dashboard-templates\.js$/ }, async () => {
        const { dashboardTemplates } = await import(await bundledTemplates());
        const json = JSON.stringify(JSON.stringify(dashboardTemplates()));
        return { contents: `const json = ${json};\nexport const dashboardTemplates = () => JSON.parse(json);` };
      }),
  };
}

/** The source module with all its dependencies, as a URL that the build can import. */
async function bundledTemplates() {
  const { outputFiles } = await build({
    entryPoints: ['lib/monitoring/grafana/dashboard-templates.ts'],
    conditions: ['tinyllm-source'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
}
