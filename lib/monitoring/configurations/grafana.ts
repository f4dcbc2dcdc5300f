import type { MonitoringSettings } from '../settings/settings.js';

/** The folder of the dashboards in Grafana's container. */
export const dashboardFolder = '/var/lib/grafana/dashboards/tinyllm';

/** The provisioning of Grafana's data source. */
export function datasourceProvisioning({ datasource }: MonitoringSettings) {
  return {
    apiVersion: 1,
    datasources: [
      {
        name: datasource,
        uid: 'tinyllm-prometheus',
        type: 'prometheus',
        access: 'proxy',
        url: 'http://localhost:9091',
        isDefault: true,
        jsonData: { httpMethod: 'POST', timeInterval: '15s' },
      },
    ],
  };
}

/** The provisioning of Grafana's dashboards. */
export function dashboardProvisioning() {
  return {
    apiVersion: 1,
    providers: [{ name: 'tinyllm', folder: 'TinyLLM', type: 'file', options: { path: dashboardFolder } }],
  };
}
