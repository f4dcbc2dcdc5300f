/** The model and graph of a value. Defaults: `unknown` and `default`. */
export interface RequestLabels {
  readonly model?: string | undefined;
  readonly graph?: string | undefined;
}

/** The node and graph of a value. Defaults: `unknown` and `default`. */
export interface NodeLabels {
  readonly node?: string | undefined;
  readonly graph?: string | undefined;
}

/** The tool and graph of a value. Defaults: `unknown` and `default`. */
export interface ToolLabels {
  readonly tool?: string | undefined;
  readonly graph?: string | undefined;
}

/** The model of a value. Default: `unknown`. */
export interface ModelLabels {
  readonly model?: string | undefined;
}

/** The graph of a value. Default: `default`. */
export interface GraphLabels {
  readonly graph?: string | undefined;
}

/** The cache of a value. Default: `memory`. */
export interface CacheLabels {
  readonly cacheType?: string | undefined;
}

/** The priority of a value. Default: `normal`. */
export interface PriorityLabels {
  readonly priority?: string | undefined;
}

/** The requested model, the model that answered instead, and the reason. */
export interface FallbackLabels {
  readonly requestedModel: string;
  readonly fallbackModel: string;
  readonly reason: string;
}
