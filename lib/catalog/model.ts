/**
 * Attention whose keys and values are cached per head. The classic kinds differ only in the number of key-value heads:
 * as many as query heads is multi-head (MHA), one is multi-query (MQA), anything between is grouped-query (GQA).
 */
export interface HeadAttention {
  readonly kind: "heads";
  readonly queryHeads: number;
  readonly keyValueHeads: number;
  readonly headDimension: number;
  /** Tokens that a query can see, itself included; absent when it sees all. */
  readonly window?: number;
  /** True when this layer reads the keys and values of an earlier one and has none of its own (CLA). */
  readonly sharesCache?: true;
  /** Parameters besides the four projections: biases, norms of queries and keys, sinks. */
  readonly extraParameters: number;
}

/**
 * Multi-head latent attention (MLA): keys and values of all heads are functions of one latent vector, and only the
 * latent is cached, next to one rotary key that all heads share.
 */
export interface LatentAttention {
  readonly kind: "latent";
  readonly queryHeads: number;
  /** Width of the compressed query; absent when queries come straight from the hidden state. */
  readonly queryRank?: number;
  /** Width of the cached latent. */
  readonly keyValueRank: number;
  /** Width of the shared rotary key, cached beside the latent. */
  readonly rotaryDimension: number;
  /** Width of each head's key without the rotary part. */
  readonly keyDimension: number;
  readonly valueDimension: number;
  /** Parameters besides the projections: the norms of the latents. */
  readonly extraParameters: number;
}

/** How one layer lets tokens look at each other. */
export type Attention = HeadAttention | LatentAttention;

/** One feed-forward network that every token passes. */
export interface DenseFeedForward {
  readonly kind: "dense";
  readonly intermediateSize: number;
  /** Gated networks (SwiGLU, GeGLU) have three matrices, plain ones two. */
  readonly gated: boolean;
  readonly extraParameters: number;
}

/** A mixture of experts: each token passes the few experts that a router picks, and perhaps one that all share. */
export interface ExpertFeedForward {
  readonly kind: "experts";
  readonly experts: number;
  readonly expertsPerToken: number;
  readonly intermediateSize: number;
  readonly gated: boolean;
  /** Intermediate size of what every token passes besides; 0 when there is none. */
  readonly sharedIntermediateSize: number;
  /** Parameters per expert besides its matrices. */
  readonly extraParametersPerExpert: number;
  /** Parameters besides experts and router weights. */
  readonly extraParameters: number;
}

/** How one layer transforms each token on its own. */
export type FeedForward = DenseFeedForward | ExpertFeedForward;

/** A number of layers of one shape. Their order does not matter to what they cost, so equal ones stand together. */
export interface Layers {
  readonly count: number;
  readonly attention: Attention;
  readonly feedForward: FeedForward;
  /** Norms of the hidden state in each layer. */
  readonly norms: number;
}

/** The first noun: the shape of a transformer, from which everything it costs follows. */
export interface Model {
  readonly name: string;
  /** The `model_type` of its configuration. */
  readonly architecture: string;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  /** Tokens that it was made for. */
  readonly maximumContext: number;
  /** True when the output head is the embedding table used again. */
  readonly tiedEmbeddings: boolean;
  /** Rows of a learned position table; 0 with rotary positions. */
  readonly learnedPositions: number;
  /** Parameters of one norm: the hidden size, or twice that with a bias. */
  readonly normParameters: number;
  readonly layers: readonly Layers[];
}

/** How many layers has the model? */
export function layerCount(model: Model): number {
  return model.layers.reduce((sum, { count }) => sum + count, 0);
}

/** The field's name for an attention: MHA, MQA, GQA or MLA, with a note when it is windowed or shares its cache. */
export function attentionName(attention: Attention): string {
  if (attention.kind === "latent") return "MLA";
  const { queryHeads, keyValueHeads, window, sharesCache } = attention;
  const name = keyValueHeads === queryHeads ? "MHA" : keyValueHeads === 1 ? "MQA" : "GQA";
  return name + (window === undefined ? "" : `, window ${window}`) +
    (sharesCache ? ", shared cache" : "");
}
