/** A model a server has on its disk. */
export interface PulledModel {
  readonly name: string;
  /** Whether it answers in words, as far as its name and family tell; embedding models do not. */
  readonly chats: boolean;
  /** Bytes on the disk. */
  readonly sizeBytes: number;
  /** How many parameters it has, such as `494.03M`; left out when the server does not say. */
  readonly parameters?: string;
  /** Such as `Q4_K_M`; left out when the server does not say. */
  readonly quantization?: string;
  /** When it was changed last, in ISO 8601; left out when the server does not say. */
  readonly modifiedAt?: string;
}

/** A model a server holds in memory. */
export interface ResidentModel {
  readonly model: string;
  /** All the memory it takes, in bytes. */
  readonly memoryBytes: number;
  /** The part of it on the graphics card, in bytes. */
  readonly vramBytes: number;
  /** When the server lets go of it, in ISO 8601; left out when the server does not say. */
  readonly expiresAt?: string;
}

type Listed = Readonly<Record<string, unknown>>;

/** Reads an entry of `/api/tags`; what it does not say, or says wrong, is left out. */
export function pulledModel({ name: stated, details, size, modified_at: modified }: Listed): PulledModel {
  const name = textIn(stated) ?? '';
  const { family, parameter_size, quantization_level }: Listed = Object(details);
  return {
    name,
    chats: !/embed|minilm/i.test(name) && !/bert/i.test(textIn(family) ?? ''),
    sizeBytes: bytesIn(size),
    ...named('parameters', textIn(parameter_size)),
    ...named('quantization', textIn(quantization_level)),
    ...named('modifiedAt', textIn(modified)),
  };
}

/** Reads an entry of `/api/ps`. */
export function residentModel({ name, size, size_vram: vram, expires_at: expires }: Listed): ResidentModel {
  return {
    model: String(name ?? ''),
    memoryBytes: bytesIn(size),
    vramBytes: bytesIn(vram),
    ...named('expiresAt', textIn(expires)),
  };
}

function named<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: string });
}

function textIn(stated: unknown): string | undefined {
  return typeof stated === 'string' && stated !== '' ? stated : undefined;
}

function bytesIn(stated: unknown): number {
  return typeof stated === 'number' && Number.isFinite(stated) && stated >= 0 ? stated : 0;
}
