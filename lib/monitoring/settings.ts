/**
 * `@tinyllm/monitoring/settings`: the settings of an export; loads no dashboard.
 *
 * @module
 */
export { defaultSettings, type MonitoringSettings } from './settings/settings.js';
