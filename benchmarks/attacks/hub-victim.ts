import { Hub, startHubServer } from '@tinyllm/hub';

// Runs in its own process: a hub with a persistence file. Arguments: the file, series, pushers, seconds until gauges expire.

const [, , persistenceFile = '', maxSeries, maxGroups, expireSeconds] = process.argv;

const hub = await Hub.open({
  persistenceFile,
  maxSeries: Number(maxSeries),
  maxGroups: Number(maxGroups),
  expireSeconds: Number(expireSeconds),
  maxStateBytes: Number(maxSeries) > 1e6 ? 2 ** 31 : 256 * 2 ** 20,
});
const server = await startHubServer({ hub, port: 0, page: false });
process.send?.(server.port);
process.on('disconnect', () => process.exit());
