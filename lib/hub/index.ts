/**
 * The public API of `@tinyllm/hub`.
 *
 * @module
 */
export { HubFileError } from './errors/hub-errors.js';
export type { Label } from './pushes/label-set.js';
export type { TextSample, TextType } from './pushes/parse-text.js';
export { parseText, type TextFamily } from './pushes/parse-text.js';
export { type Place, PushRefused, type RefusalStatus } from './pushes/push-refused.js';
export type { FamilyShape, PushedFamily, PushedSeries } from './pushes/pushed-family.js';
export type { HubOptions, HubPush } from './server/hub.js';
export { Hub } from './server/hub.js';
export type { HubServerOptions } from './server/start-hub-server.js';
export { ownShapes, startHubServer } from './server/start-hub-server.js';
export type { HubFiles } from './storage/journal-file.js';
export type { GaugeAggregations } from './sums/combine-gauges.js';
export type { SummedFamily, SummedSeries } from './sums/hub-sums.js';
