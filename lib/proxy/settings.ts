/**
 * `@tinyllm/proxy/settings`: checks upstream URLs. Importing this entry starts no server.
 *
 * @module
 */
export { ProxySettingsError } from './errors/proxy-errors.js';
export { readUpstreamUrl } from './forwarding/upstream-url.js';
