import type { Metadata } from '../format.js';
import { familyName } from '../sample-names.js';
import type { MessageBuffer } from './message-buffer.js';

/** Field numbers and wire types in `MetricFamily`. */
const TAGS = { name: 0x0a, help: 0x12, type: 0x18, unit: 0x2a } as const;
/** The numbers of `MetricType`. A type that is not listed is untyped. */
const TYPES: Readonly<Record<string, number>> = { counter: 0, gauge: 1, info: 1, summary: 2, histogram: 4 };
const UNTYPED = 3;
/** The tags and lengths of the fields. */
const FRAME_BYTES = 32;

/**
 * Begins a family: writes its name, help, type and unit.
 *
 * Prometheus rejects a unit that the name does not end with. A name in front of `_total` can end with it, too.
 */
export function beginFamily(buffer: MessageBuffer, { name, help, type, unit }: Metadata): void {
  const [nameBytes, helpBytes] = [Buffer.from(name), Buffer.from(help)];
  const hasUnit = unit !== undefined && type !== 'info' && familyName(name, type)?.endsWith(`_${unit}`);
  const unitBytes = Buffer.from(hasUnit ? unit : '');
  buffer.beginFamily(FRAME_BYTES + nameBytes.length + helpBytes.length + unitBytes.length);
  buffer.block(TAGS.name, nameBytes);
  if (help !== '') buffer.block(TAGS.help, helpBytes);
  buffer.unsigned(TAGS.type, TYPES[type] ?? UNTYPED);
  if (hasUnit) buffer.block(TAGS.unit, unitBytes);
}
