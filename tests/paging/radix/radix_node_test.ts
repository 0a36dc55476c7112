import { assertEquals } from "@std/assert";
import {
  commonTokens,
  pageKey,
  radixNode,
  splitNode,
} from "../../../lib/paging/radix/radix_node.ts";

Deno.test("splitNode() puts a node between another and its parent; both halves keep locks, times and blocks", () => {
  const root = radixNode(undefined, new Int32Array(0), new Int32Array(0), 0);
  const node = radixNode(root, Int32Array.of(1, 2, 3, 4, 5, 6), Int32Array.of(7, 8, 9), 3);
  node.locks = 2;
  node.used = 5;
  root.children.set(pageKey(node.tokens, 0, 2), node);
  const upper = splitNode(node, 4, 2);
  assertEquals([[...upper.tokens], [...upper.blocks]], [[1, 2, 3, 4], [7, 8]]);
  assertEquals([[...node.tokens], [...node.blocks]], [[5, 6], [9]]);
  assertEquals([upper.locks, upper.used, upper.created, node.locks], [2, 5, 3, 2]);
  assertEquals(upper.parent === root && node.parent === upper, true);
  assertEquals(root.children.get("1,2") === upper && upper.children.get("5,6") === node, true);
  assertEquals([root.children.size, upper.children.size], [1, 1]);
});

Deno.test("commonTokens() counts whole pages only", () => {
  const node = radixNode(undefined, Int32Array.of(1, 2, 3, 4, 5), new Int32Array(5), 0);
  const tokens = Int32Array.of(9, 1, 2, 3, 7);
  assertEquals([1, 2, 3, 4].map((page) => commonTokens(node, tokens, 1, page)), [3, 2, 3, 0]);
  assertEquals(commonTokens(node, tokens, 5, 1), 0);
});
