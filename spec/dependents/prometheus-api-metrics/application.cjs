const express = require('express');
const { startMetricsServer } = require('prom-client');
const apiMetrics = require('prometheus-api-metrics');
const { runWithSpec } = require('./support.cjs');

const application = express();
application.use(apiMetrics());
application.use(express.json());
application.get('/orders/:id', (_request, response) => response.send('One order.'));
application.post('/orders', (_request, response) => response.sendStatus(201));

const server = application.listen(0, '127.0.0.1', async () => {
  const metrics = await startMetricsServer({ port: 0 });
  const close = async () => {
    server.close();
    server.closeAllConnections();
    await metrics.close();
  };
  runWithSpec({ application: `http://127.0.0.1:${server.address().port}`, metrics: metrics.url }, close);
});
