/** A model on the disk of a server. */
export interface PulledModel {
  readonly name: string;
  /** Whether it is a chat model and not an embedding model, according to its name and family. */
  readonly chats: boolean;
  /** The size on the disk, in bytes. */
  readonly sizeBytes: number;
  /** The number of parameters, such as `494.03M`. Undefined if the server does not state it. */
  readonly parameters?: string;
  /** The quantization, such as `Q4_K_M`. Undefined if the server does not state it. */
  readonly quantization?: string;
  /** The time of the last modification, in ISO 8601 format. Undefined if the server does not state it. */
  readonly modifiedAt?: string;
}

/** A model in the memory of a server. */
export interface ResidentModel {
  readonly model: string;
  /** Its total memory, in bytes. It includes the graphics memory. */
  readonly memoryBytes: number;
  /** Its graphics memory, in bytes. */
  readonly vramBytes: number;
  /** The time when the server unloads it, in ISO 8601 format. Undefined if the server does not state it. */
  readonly expiresAt?: string;
}

type Listed = Readonly<Record<string, unknown>>;

/** Parses an entry of `/api/tags`. Missing and invalid fields are omitted. */
export function pulledModel({ name: stated, details, size, modified_at: modified }: Listed): PulledModel {
  const name = textIn(stated) ?? '';
  const { family, parameter_size, quantization_level }: Listed = Object(details);
  return {
    name,
    chats: !/embed|minilm/i.test(name) && !/bert/i.test(textIn(family) ?? ''),
    sizeBytes: bytesIn(size),
    ...optional('parameters', textIn(parameter_size)),
    ...optional('quantization', textIn(quantization_level)),
    ...optional('modifiedAt', textIn(modified)),
  };
}

/** Parses an entry of `/api/ps`. Missing and invalid fields are omitted. */
export function residentModel({ name, size, size_vram: vram, expires_at: expires }: Listed): ResidentModel {
  return {
    model: String(name ?? ''),
    memoryBytes: bytesIn(size),
    vramBytes: bytesIn(vram),
    ...optional('expiresAt', textIn(expires)),
  };
}

function optional<Key extends string>(key: Key, value: string | undefined): { readonly [K in Key]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]?: string });
}

function textIn(stated: unknown): string | undefined {
  return typeof stated === 'string' && stated !== '' ? stated : undefined;
}

function bytesIn(stated: unknown): number {
  return typeof stated === 'number' && Number.isFinite(stated) && stated >= 0 ? stated : 0;
}
