/**
 * `tinyllm/catalog`: every metric as data.
 *
 * @module
 */
export { catalog } from './catalog/catalog.js';
