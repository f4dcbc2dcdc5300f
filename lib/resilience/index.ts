/**
 * The public API of `@tinyllm/resilience`.
 *
 * @module
 */
export { QueueClosedError, QueueConfigurationError, QueueFullError } from './errors/queue-errors.js';
export type { CircuitBreakerOptions } from './policies/circuit-breaker.js';
export { CircuitBreaker, type CircuitBreakerLimits, type CircuitPermit } from './policies/circuit-breaker.js';
export type { DeadlineOptions } from './policies/deadline.js';
export { Deadline } from './policies/deadline.js';
export { LocalRateBudget } from './policies/local-rate-budget.js';
export type { OpenRateBudget, RateBudget, RateUnit } from './policies/rate-budget.js';
export type { RateLimiterOptions } from './policies/rate-limiter.js';
export { RateLimiter, type RateLimits } from './policies/rate-limiter.js';
export { RequestRate } from './policies/request-rate.js';
export type { RetryOptions } from './policies/retry.js';
export { type RetryLimits, retry } from './policies/retry.js';
export { wait } from './policies/wait.js';
export { atLeastOne } from './queue/at-least-one.js';
export { InProcessQueue, type InProcessQueueOptions, type Work } from './queue/in-process-queue.js';
export type { AddOptions, CloseOptions, JobQueue, WhenFull } from './queue/job-queue.js';
export { type Priority, priorities } from './queue/priority.js';
export { QueueMetrics } from './queue/queue-metrics.js';
export type { StartWindow } from './queue/start-window.js';
export { startWindow } from './queue/start-window.js';
