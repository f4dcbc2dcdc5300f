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

/** The maximum number of aliases in a document, and the maximum expansion of aliases. */
const maxAliasCount = 100;

/** The kind of a document. */
export interface YamlKind {
  /** The noun for the expected content in error messages, such as `graph`. */
  readonly noun: string;
  /** The error class to throw. */
  readonly refusal: new (
    problem: string,
    place?: FileErrorPlace,
  ) => FileError;
  /** Whether the document contains secrets. Error messages then do not quote it. Default false. */
  readonly secret?: boolean;
}

/** A YAML document as plain data. It creates errors with the line and column of a value. */
export class YamlSource {
  /** The document as plain data; null if it is empty. */
  readonly value: unknown;
  readonly #document: Document;
  readonly #lines = new LineCounter();

  /** Throws the error class of the kind if the text is not exactly one valid YAML 1.2 document. */
  constructor(
    readonly text: string,
    readonly kind: YamlKind,
    readonly file?: string,
  ) {
    const deep = tooDeepAt(text);
    if (deep !== undefined) throw this.#at(deep, `the nesting is too deep here; expected at most ${maxDepth} levels.`);
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      uniqueKeys: false,
    });
    const error = this.#document.errors[0] ?? this.#document.warnings[0];
    if (error !== undefined)
      throw this.#errorAt(error.pos[0], this.#describe(error), this.kind.secret ? undefined : error);
    this.#rejectUnsafeParts();
    try {
      this.value = this.#document.toJS({ maxAliasCount });
    } catch (cause) {
      throw this.#errorAt(0, 'the aliases expand to too many values; replace them with their values.', cause);
    }
  }

  /** Converts a problem to an error with line and column. A missing value has the position of its parent. */
  error({ path, message, atKey = false }: Problem): FileError {
    return this.#errorAt(this.#offset(path, atKey), message);
  }

  /**
   * Rejects too many aliases, aliases without an anchor, duplicate keys, and keys that plain objects cannot represent.
   *
   * The duplicate check of the library compares each key with every other key, which is too slow for large files.
   */
  #rejectUnsafeParts(): void {
    let aliases = 0;
    visit(this.#document, {
      Alias: (_key, alias) => {
        aliases++;
        if (aliases > maxAliasCount) {
          throw this.#errorAt(
            offsetOf(alias),
            `more than ${maxAliasCount} aliases; replace some of them with their values.`,
          );
        }
        if (alias.resolve(this.#document) !== undefined) return;
        throw this.#errorAt(
          offsetOf(alias),
          `the alias ${this.#quoted(alias.source)}has no anchor before it; add one, or replace the alias with its value.`,
        );
      },
      Map: (_key, { items }) => {
        const names = new Set<string>();
        for (const { key } of items) {
          const plain = isAlias(key) ? key.resolve(this.#document) : key;
          if (isMap(plain) || isSeq(plain)) {
            throw this.#errorAt(
              isAlias(key) ? offsetOf(key) : startOf(plain),
              `a ${isMap(plain) ? 'map' : 'list'} is used as a key here; expected a word. Put a text with braces or brackets in quotes.`,
            );
          }
          const name = isScalar(plain) ? String(plain.value) : '';
          if (name === '__proto__') throw this.#errorAt(offsetOf(key), '"__proto__" cannot be a key; choose another.');
          if (names.has(name)) {
            throw this.#errorAt(
              offsetOf(key),
              `the key ${this.#quoted(name)}occurs a second time here; rename or remove one of the two.`,
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
    // Report a map or list at its key, as readers expect. Report a scalar at its value, if it has text.
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

  /** Quotes a name, followed by a space. Empty if the document contains secrets. */
  #quoted(name: string): string {
    return this.kind.secret ? '' : `${quote(name)} `;
  }

  #describe(error: YAMLError): string {
    if (error.code === 'MULTIPLE_DOCS')
      return `a second document starts here; expected one ${this.kind.noun} per file.`;
    return syntaxAdvice(error, this.kind.secret ?? false);
  }
}

/** The start of a map or list. The range of a map in block style starts after its first key. */
function startOf(node: YAMLMap | YAMLSeq): number | undefined {
  const [first] = node.items;
  const offsets = [node, isPair(first) ? first.key : first].map(offsetOf).filter((offset) => offset !== undefined);
  return offsets.length === 0 ? undefined : Math.min(...offsets);
}

function offsetOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
