/**
 * `@tinyllm/proxy/settings`: what the proxy accepts as upstreams; starts no server.
 *
 * @module
 */
export { ProxySettingsError } from './errors/proxy-errors.js';
export { readUpstreamUrl } from './forwarding/upstream-url.js';
