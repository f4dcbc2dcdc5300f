const express = require('express');
const promBundle = require('express-prom-bundle');
const { Counter, startMetricsServer } = require('prom-client');
const { runWithSpec } = require('./support.cjs');

const greetings = new Counter({ name: 'greetings_total', help: 'Greetings.', labelNames: ['language'] });

const application = express();
application.use(promBundle({ includeMethod: true, includePath: true, promClient: { collectDefaultMetrics: {} } }));
application.get('/hello/:language', (request, response) => {
  greetings.inc({ language: request.params.language });
  response.send('Hello.');
});
application.get('/teapot', (_request, response) => response.sendStatus(418));

const server = application.listen(0, '127.0.0.1', async () => {
  const metrics = await startMetricsServer({ port: 0 });
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await metrics.close();
  };
  runWithSpec({ application: `http://127.0.0.1:${server.address().port}`, metrics: metrics.url }, close);
});
