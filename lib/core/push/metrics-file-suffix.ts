/** How the files are named that node_exporter's textfile collector reads. */
export const metricsFileSuffix = '.prom';
