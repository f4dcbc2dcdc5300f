// All error classes of all packages.
export * from '../../lib/core/errors/errors.js';
export * from '../../lib/core/errors/model-errors.js';
export * from '../../lib/core/errors/tinyllm-error.js';
export * from '../../lib/executor/errors/graph-errors.js';
export * from '../../lib/executor/errors/job-errors.js';
export * from '../../lib/executor/errors/model-client-errors.js';
export * from '../../lib/executor/errors/store-errors.js';
export * from '../../lib/hub/errors/hub-errors.js';
export * from '../../lib/proxy/errors/proxy-errors.js';
export * from '../../lib/resilience/errors/queue-errors.js';
