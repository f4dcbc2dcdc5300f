import { histogramVariant } from '../settings/histogram-variant.js';
import type { MonitoringSettings } from '../settings/settings.js';
import { dashboardFolder } from './grafana.js';

/** The versions of Prometheus. The option `scrape_native_histograms` needs 3.8 or later. */
const prometheusVersions = { classic: 'v3.5.0', native: 'v3.16.0' } as const;

/**
 * The Docker Compose file of Prometheus, Alertmanager and Grafana. They listen only on the loopback address.
 *
 * The containers use the host's network, so that they reach a TinyLLM on the loopback address, which is its default.
 */
export function composeConfiguration(settings: MonitoringSettings) {
  return {
    name: 'tinyllm-monitoring',
    services: {
      prometheus: {
        image: `prom/prometheus:${prometheusVersions[histogramVariant(settings)]}`,
        network_mode: 'host',
        command: [
          '--config.file=/etc/prometheus/prometheus.yml',
          '--storage.tsdb.path=/prometheus',
          '--web.listen-address=127.0.0.1:9091',
          '--enable-feature=exemplar-storage',
        ],
        volumes: ['./prometheus:/etc/prometheus:ro', 'prometheus:/prometheus'],
        restart: 'unless-stopped',
      },
      alertmanager: {
        image: 'prom/alertmanager:v0.28.1',
        network_mode: 'host',
        command: [
          '--config.file=/etc/alertmanager/alertmanager.yml',
          '--storage.path=/alertmanager',
          '--web.listen-address=127.0.0.1:9093',
          '--cluster.listen-address=',
        ],
        volumes: ['./alertmanager:/etc/alertmanager:ro', 'alertmanager:/alertmanager'],
        restart: 'unless-stopped',
      },
      grafana: {
        image: 'grafana/grafana:12.1.0',
        network_mode: 'host',
        environment: { GF_SERVER_HTTP_ADDR: '127.0.0.1', GF_AUTH_ANONYMOUS_ENABLED: 'true' },
        volumes: [
          './grafana/provisioning:/etc/grafana/provisioning:ro',
          `./grafana/dashboards:${dashboardFolder}:ro`,
          'grafana:/var/lib/grafana',
        ],
        restart: 'unless-stopped',
      },
    },
    volumes: { prometheus: {}, alertmanager: {}, grafana: {} },
  };
}
