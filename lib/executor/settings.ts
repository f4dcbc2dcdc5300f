/**
 * `@tinyllm/executor/settings`: what the executor accepts as names and addresses; loads no model client.
 *
 * @module
 */
export { SessionError, StoreError, StoreSettingsError } from './errors/store-errors.js';
export { providerNames } from './models/provider-names.js';
export { expectedRedisAddress, redisAddress } from './redis/redis-address.js';
export { sessionFile } from './stores/session-name.js';
