/**
 * `@tinyllm/monitoring/settings`: the settings of an export. Doesn't load the dashboards.
 *
 * @module
 */
export { defaultSettings, type MonitoringSettings } from './settings/settings.js';
