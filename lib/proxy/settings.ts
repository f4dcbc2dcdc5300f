/**
 * `@tinyllm/proxy/settings`: checks upstream URLs and labels. Importing this entry starts no server.
 *
 * @module
 */
export { ProxySettingsError } from './errors/proxy-errors.js';
export { readUpstreamUrl } from './forwarding/upstream-url.js';
export { labelProblem, type ProxyLabelSource } from './observation/label-sources.js';
export { isLabelText } from './observation/label-text.js';
