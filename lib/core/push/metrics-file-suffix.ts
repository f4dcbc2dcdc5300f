/** The suffix of files that node_exporter's textfile collector reads. */
export const metricsFileSuffix = '.prom';
