import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { seeded } from "@fewer-bytes/numeric";
import { type RadixNode, RadixTree } from "@fewer-bytes/paging";

const sequence = fc.array(fc.nat(2), { maxLength: 9 });
const sequences = fc.array(sequence, { maxLength: 30 });

/** The longest beginning of a sequence, in whole pages, that one of the others has. */
function longest(of: readonly number[], others: readonly (readonly number[])[], page: number) {
  let best = 0;
  for (const other of others) {
    let same = 0;
    while (same < of.length && same < other.length && of[same] === other[same]) same++;
    // Only whole pages of the stored sequence are kept.
    same = Math.min(same, other.length - other.length % page);
    best = Math.max(best, same - same % page);
  }
  return best;
}

/** What must hold for every tree. */
function checkTree(tree: RadixTree) {
  let size = 0, locked = 0;
  for (const node of tree.nodes()) {
    size += node.tokens.length;
    if (node.locks > 0) locked += node.tokens.length;
    assert(node.tokens.length > 0 && node.tokens.length % tree.pageSize === 0);
    assertEquals(node.blocks.length, node.tokens.length / tree.pageSize);
    const parent: RadixNode = node.parent!;
    assert(parent === tree.root || parent.locks >= node.locks, "who needs a node needs its parent");
    assert([...parent.children.values()].includes(node));
    const heads = [...parent.children.values()].map(({ tokens }) =>
      tokens.subarray(0, tree.pageSize).join()
    );
    assertEquals(new Set(heads).size, heads.length, "siblings part at once");
  }
  assertEquals([tree.size, tree.locked], [size, locked]);
}

Deno.test("match() and peek() find what comparing with every stored sequence finds, and the blocks of the first who stored it", () => {
  fc.assert(fc.property(sequences, sequence, fc.integer({ min: 1, max: 3 }), (all, one, page) => {
    const tree = new RadixTree({ pageSize: page });
    const blocks = new Map<string, number>();
    const stored: number[][] = [];
    let next = 0;
    for (const tokens of all) {
      const own = Array.from({ length: Math.floor(tokens.length / page) }, () => next++);
      own.forEach((block, index) => {
        const key = tokens.slice(0, (index + 1) * page).join();
        if (!blocks.has(key)) blocks.set(key, block);
      });
      const { known } = tree.insert(tokens, own);
      assertEquals(known, longest(tokens, stored, page));
      stored.push(tokens);
    }
    checkTree(tree);
    const expected = longest(one, stored, page);
    assertEquals(tree.peek(one), expected);
    const found = tree.match(one);
    assertEquals(found.tokens, expected);
    assertEquals(
      found.blocks,
      Array.from(
        { length: expected / page },
        (_, index) => blocks.get(one.slice(0, (index + 1) * page).join())!,
      ),
    );
    assertEquals(tree.size, page * blocks.size);
    checkTree(tree);
  }));
});

Deno.test("after 100,000 random insertions, locks, evictions and releases every block is in the tree or given back, once", () => {
  const random = seeded(1);
  const tree = new RadixTree();
  const held = new Set<number>();
  const locks: RadixNode[] = [];
  let next = 0, evictions = 0;
  for (let operation = 0; operation < 100_000; operation++) {
    const draw = random.uniform();
    const tokens = Array.from({ length: 1 + random.integer(12) }, () => random.integer(3));
    if (draw < 0.5) {
      const blocks = tokens.map(() => next++);
      const { known } = tree.insert(tokens, blocks);
      for (const block of blocks.slice(known)) held.add(block);
    } else if (draw < 0.7) {
      const { node, blocks } = tree.match(tokens);
      assert(blocks.every((block) => held.has(block)));
      tree.lock(node);
      locks.push(node);
    } else if (draw < 0.9 && locks.length > 0) {
      tree.unlock(locks.splice(random.integer(locks.length), 1)[0]!);
    } else {
      for (const block of tree.evict(random.integer(20))) {
        assert(held.delete(block), "no block is given back twice");
        evictions++;
      }
    }
    if (operation % 5000 === 0) {
      checkTree(tree);
      assertEquals(new Set([...tree.nodes()].flatMap(({ blocks }) => [...blocks])), held);
    }
  }
  assert(evictions > 10_000, `${evictions} blocks were evicted`);
  for (const node of locks) tree.unlock(node);
  assertEquals(tree.locked, 0);
  assertEquals(new Set(tree.evict(Infinity)), held);
  assertEquals(tree.size, 0);
});

Deno.test("eviction takes leaves only, by the policy, and never what is locked", () => {
  const build = (policy: "least recently used" | "first in") => {
    const tree = new RadixTree({ policy });
    tree.insert([1, 1], [10, 11]);
    tree.insert([1, 2], [10, 12]);
    tree.insert([3], [13]);
    tree.match([1, 1]);
    return tree;
  };
  assertEquals(build("least recently used").evict(Infinity), [12, 13, 11, 10]);
  assertEquals(build("first in").evict(Infinity), [11, 12, 10, 13]);
  const tree = build("least recently used");
  const { node } = tree.match([1, 2]);
  tree.lock(node);
  assertEquals(tree.evict(Infinity), [13, 11]);
  assertEquals(tree.locked, 2);
  tree.unlock(node);
  assertEquals(tree.evict(1), [12]);
});

Deno.test("a lock holds when its node is cut in two, by whoever", () => {
  const tree = new RadixTree();
  const { node } = tree.insert([1, 2, 3, 4], [1, 2, 3, 4]);
  tree.lock(node);
  tree.insert([1, 2, 9], [0, 0, 9]);
  assertEquals(tree.evict(Infinity), [9]);
  assertEquals(tree.match([1, 2, 3, 4]).tokens, 4);
  tree.unlock(node);
  assertEquals(tree.locked, 0);
  assertEquals(tree.evict(Infinity).toSorted(), [1, 2, 3, 4]);
});

Deno.test("RadixTree refuses too few blocks, an unlock too many, and chance without a source", () => {
  const tree = new RadixTree({ pageSize: 2 });
  assertThrows(() => tree.insert([1, 2, 3, 4, 5], [1]), RangeError, "each of 2 pages");
  assertEquals(tree.insert([1], []).known, 0);
  const { node } = tree.insert([1, 2], [1]);
  assertThrows(() => tree.unlock(node), RangeError, "it must be locked: it is not");
  assertThrows(() => new RadixTree({ policy: "random" }), RangeError, "random must be given");
  assertThrows(() => new RadixTree({ pageSize: 0 }), RangeError, "pageSize");
  const chance = new RadixTree({ policy: "random", random: seeded(1) });
  chance.insert([1], [1]);
  chance.insert([2], [2]);
  assertEquals(chance.evict(Infinity).toSorted(), [1, 2]);
});
