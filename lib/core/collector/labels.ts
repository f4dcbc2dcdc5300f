/** Which model and graph a number belongs to; left out, they are `unknown` and `default`. */
export interface RequestLabels {
  readonly model?: string | undefined;
  readonly graph?: string | undefined;
}

/** Which node of which graph a number belongs to; left out, they are `unknown` and `default`. */
export interface NodeLabels {
  readonly node?: string | undefined;
  readonly graph?: string | undefined;
}

/** Which model a number belongs to; left out, it is `unknown`. */
export interface ModelLabels {
  readonly model?: string | undefined;
}

/** Which graph a number belongs to; left out, it is `default`. */
export interface GraphLabels {
  readonly graph?: string | undefined;
}

/** Which cache a number belongs to; left out, it is `memory`. */
export interface CacheLabels {
  readonly cacheType?: string | undefined;
}

/** Which priority a number belongs to; left out, it is `normal`. */
export interface PriorityLabels {
  readonly priority?: string | undefined;
}

/** Which model was asked, which answered in its stead, and why. */
export interface FallbackLabels {
  readonly requestedModel: string;
  readonly fallbackModel: string;
  readonly reason: string;
}
