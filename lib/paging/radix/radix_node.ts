/** A token, or with larger pages the tokens of one, as a key among the children of a node. */
export type PageKey = number | string;

/** A stretch of tokens that some cached sequences have in common, and the blocks where their keys and values are. */
export interface RadixNode {
  parent: RadixNode | undefined;
  tokens: Int32Array;
  /** A block for each page of the tokens. */
  blocks: Int32Array;
  readonly children: Map<PageKey, RadixNode>;
  /** Running requests that need it, or anything below it. */
  locks: number;
  /** When it was last needed, and when it came, by the clock of the tree. */
  used: number;
  created: number;
}

/** A node below another; without one, the root. */
export function radixNode(
  parent: RadixNode | undefined,
  tokens: Int32Array,
  blocks: Int32Array,
  time: number,
): RadixNode {
  return { parent, tokens, blocks, children: new Map(), locks: 0, used: time, created: time };
}

/** By what the page that begins at a token is found among children. */
export function pageKey(tokens: Int32Array, at: number, pageSize: number): PageKey {
  return pageSize === 1 ? tokens[at]! : tokens.subarray(at, at + pageSize).join();
}

/** Tokens, in whole pages, that a node has in common with a sequence from a place on. */
export function commonTokens(
  node: RadixNode,
  tokens: Int32Array,
  at: number,
  pageSize: number,
): number {
  const end = Math.min(node.tokens.length, tokens.length - at);
  let same = 0;
  while (same < end && node.tokens[same] === tokens[at + same]) same++;
  return same - same % pageSize;
}

/** Cuts a node in two, and gives the upper part: a new node between it and its parent. Who needs one needs both. */
export function splitNode(node: RadixNode, length: number, pageSize: number): RadixNode {
  const pages = length / pageSize;
  const upper = radixNode(
    node.parent,
    node.tokens.slice(0, length),
    node.blocks.slice(0, pages),
    node.created,
  );
  upper.locks = node.locks;
  upper.used = node.used;
  node.parent!.children.set(pageKey(node.tokens, 0, pageSize), upper);
  node.tokens = node.tokens.slice(length);
  node.blocks = node.blocks.slice(pages);
  node.parent = upper;
  upper.children.set(pageKey(node.tokens, 0, pageSize), node);
  return upper;
}
