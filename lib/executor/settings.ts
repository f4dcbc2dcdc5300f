/**
 * `@tinyllm/executor/settings`: checks names and addresses that the executor accepts. Importing this entry loads no
 * model client.
 *
 * @module
 */
export { SessionError, StoreError, StoreSettingsError } from './errors/store-errors.js';
export { providerNames } from './models/provider-names.js';
export { expectedRedisAddress, redisAddress } from './redis/redis-address.js';
export { sessionFile } from './stores/session-name.js';
