import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { FileError, FileErrorPlace } from '../errors/errors.js';
import type { Problem } from './problem.js';
import { quote } from './quote.js';
import { syntaxAdvice } from './syntax-advice.js';
import { maxDepth, tooDeepAt } from './yaml-depth.js';

/** The most aliases a document may have, and the most they may multiply to. */
const maxAliasCount = 100;

/** What kind of file a document is. */
export interface YamlKind {
  /** What errors say was expected: `graph`. */
  readonly noun: string;
  /** The error to throw. */
  readonly refusal: new (
    problem: string,
    place?: FileErrorPlace,
  ) => FileError;
  /** Whether it holds secrets: errors then tell where something is wrong, and quote nothing. Default false. */
  readonly secret?: boolean;
}

/** A YAML document as plain data that still knows on which line and in which column each part stands. */
export class YamlSource {
  /** The document as plain data; null when it is empty. */
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /** Throws the kind's error for text that is not one well-formed YAML 1.2 document. */
  constructor(
    readonly text: string,
    readonly kind: YamlKind,
    readonly file?: string,
  ) {
    const deep = tooDeepAt(text);
    if (deep !== undefined) throw this.#at(deep, `more than ${maxDepth} parts nest here; expected a ${kind.noun}.`);
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
    });
    const error = this.#document.errors[0] ?? this.#document.warnings[0];
    if (error !== undefined)
      throw this.#errorAt(error.pos[0], this.#describe(error), this.kind.secret ? undefined : error);
    this.#refuseTraps();
    try {
      this.value = this.#document.toJS({ maxAliasCount });
    } catch (cause) {
      throw this.#errorAt(0, 'the aliases multiply; write out what they stand for.', cause);
    }
  }

  /** The problem as an error that names its place; what the document lacks is placed at what should hold it. */
  error({ path, message, atKey = false }: Problem): FileError {
    return this.#errorAt(this.#offset(path, atKey), message);
  }

  /**
   * Refuses too many aliases, those without an anchor, and keys that plain objects cannot hold apart.
   *
   * The library's own look for equal keys compares each with each, which a large file makes a long wait.
   */
  #refuseTraps(): void {
    let aliases = 0;
    visit(this.#document, {
      Alias: (_key, alias) => {
        aliases++;
        if (aliases > maxAliasCount) {
          throw this.#errorAt(offsetOf(alias), `more than ${maxAliasCount} aliases; write out what they stand for.`);
        }
        if (alias.resolve(this.#document) !== undefined) return;
        throw this.#errorAt(
          offsetOf(alias),
          `the alias ${this.#shown(alias.source)}has no anchor before it; add one, or write the value out.`,
        );
      },
      Map: (_key, { items }) => {
        const names = new Set<string>();
        for (const { key } of items) {
          const plain = isAlias(key) ? key.resolve(this.#document) : key;
          if (isMap(plain) || isSeq(plain)) {
            throw this.#errorAt(
              isAlias(key) ? offsetOf(key) : startOf(plain),
              `a ${isMap(plain) ? 'map' : 'list'} stands here as a key; expected a word. A text with braces or brackets goes in quotes.`,
            );
          }
          const name = isScalar(plain) ? String(plain.value) : '';
          if (name === '__proto__') throw this.#errorAt(offsetOf(key), '"__proto__" cannot be a key; choose another.');
          if (names.has(name)) {
            throw this.#errorAt(
              offsetOf(key),
              `${this.#shown(name, 'a key ')}stands here a second time; rename or remove one of the two.`,
            );
          }
          names.add(name);
        }
      },
    });
  }

  #offset(path: readonly PropertyKey[], atKey: boolean): number | undefined {
    let key: unknown;
    let node: unknown = this.#document.contents;
    let found = true;
    for (const step of path) {
      const parent = isAlias(node) ? node.resolve(this.#document) : node;
      const pair = isMap(parent)
        ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
        : undefined;
      const item = isSeq(parent) ? parent.items[Number(step)] : undefined;
      found = pair !== undefined || item !== undefined;
      if (!found) break;
      key = pair?.key;
      node = pair === undefined ? item : pair.value;
    }
    // A map or list begins where its key stands, as a reader sees it; a scalar stands for itself if it has text.
    const text = found && !atKey && !isMap(node) && !isSeq(node) ? (node as Node | null)?.range : undefined;
    const written = text !== undefined && text !== null && text[1] > text[0];
    return written ? text[0] : offsetOf(key ?? node);
  }

  #errorAt(offset: number | undefined, message: string, cause?: unknown): FileError {
    const { line, col } = this.#lines.linePos(offset ?? 0);
    return this.#at({ line: Math.max(line, 1), column: Math.max(col, 1) }, message, cause);
  }

  #at(place: FileErrorPlace, message: string, cause?: unknown): FileError {
    return new this.kind.refusal(message, {
      ...place,
      ...(this.file === undefined ? {} : { file: this.file }),
      ...(cause === undefined ? {} : { cause }),
    });
  }

  /** A name as errors quote it, with a space behind it; `instead` of a document that holds secrets. */
  #shown(name: string, instead = ''): string {
    return this.kind.secret ? instead : `${quote(name)} `;
  }

  #describe(error: YAMLError): string {
    if (error.code === 'MULTIPLE_DOCS') return `a second document begins; expected one ${this.kind.noun} a file.`;
    return syntaxAdvice(error, this.kind.secret ?? false);
  }
}

/** A map in block style has its range begin behind its first key. */
function startOf(node: YAMLMap | YAMLSeq): number | undefined {
  const [first] = node.items;
  const offsets = [node, isPair(first) ? first.key : first].map(offsetOf).filter((offset) => offset !== undefined);
  return offsets.length === 0 ? undefined : Math.min(...offsets);
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
