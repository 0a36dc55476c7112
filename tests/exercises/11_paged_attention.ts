import { seeded } from "@fewer-bytes/numeric";
import {
  BlockAllocator,
  BlockCounter,
  BlockTable,
  drawLengths,
  pagedWaste,
  type RadixNode,
  RadixTree,
  reservationWaste,
  shareGpt,
} from "@fewer-bytes/paging";
import { expectEqual, expectNumber, expectThat } from "../../kit/exercises/expect.ts";
import { defineExercise } from "../../kit/exercises/suite.ts";

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

/** Lengths of finished conversations. */
const conversations = drawLengths(shareGpt, 400, seeded(11)).map(({ prompt, output }) =>
  prompt + output
);

export const emptyShare = defineExercise({
  id: "11.1",
  title: "What is left empty?",
  points: 10,
  name: "emptyShare",
  stub: `/**
 * The share of all taken places that hold no token, from 0 to 1. Each sequence takes
 * whole blocks of blockSize places, as few as hold its tokens.
 */
function emptyShare(lengths: number[], blockSize: number): number {
  return NaN; // your turn
}`,
  hints: [
    "How many blocks does one sequence take? Then count places and tokens of all sequences together, and compare the two sums at the end.",
    "places = Σ ⌈length / blockSize⌉ · blockSize, and the empty share is 1 − Σ length / places.",
    `\`\`\`ts
function emptyShare(lengths: number[], blockSize: number): number {
  let tokens = 0, places = 0;
  for (const length of lengths) {
    tokens += length;
    places += Math.ceil(length / blockSize) * blockSize;
  }
  return 1 - tokens / places;
}
\`\`\``,
  ],
  reference: (lengths: number[], blockSize: number): number => {
    const counter = new BlockCounter(1, blockSize);
    return 1 - sum(lengths) / (blockSize * sum(lengths.map((each) => counter.blocksFor(each))));
  },
  checks: [
    {
      name: "leaves nothing empty when sequences fill their last block",
      run: async (empty) =>
        expectNumber(await empty([16, 48], 16), 0, {
          hint: "16 tokens fill one block of 16, and need no second one",
        }),
    },
    {
      name: "leaves a third empty: 15 and 17 tokens in three blocks of 16",
      run: async (empty) =>
        expectNumber(await empty([15, 17], 16), 1 / 3, {
          hint: "count the places of all sequences first, 48 here, and divide once at the end",
        }),
    },
    {
      name: "leaves four fifths empty when 2,048 places are reserved for each conversation",
      run: async (empty) => {
        const mean = sum(conversations) / conversations.length;
        expectNumber(await empty(conversations, 2048), reservationWaste(mean, 2048), {
          hint: "a reservation is a block, too: one of 2,048 places",
        });
      },
    },
    {
      name: "leaves half a block of each conversation empty with blocks of 16",
      run: async (empty) => {
        const answer = await empty(conversations, 16);
        const expected = pagedWaste(sum(conversations) / conversations.length, 16);
        expectThat(
          Math.abs(answer - expected) < 0.003,
          `400 conversations should leave about ${(100 * expected).toFixed(1)} % empty: got ${
            (100 * answer).toFixed(1)
          } %`,
        );
      },
    },
  ],
  mistakes: [
    {
      title: "rounds down, as if the tokens of the last block needed no place",
      answer: (lengths, blockSize) =>
        1 - sum(lengths) / sum(lengths.map((each) => Math.floor(each / blockSize) * blockSize)),
      caught: "count the places of all sequences first",
    },
    {
      title: "takes a block more when the last one is full",
      answer: (lengths, blockSize) =>
        1 -
        sum(lengths) / sum(lengths.map((each) => (Math.floor(each / blockSize) + 1) * blockSize)),
      caught: "need no second one",
    },
    {
      title: "takes the mean of the shares of sequences",
      answer: (lengths, blockSize) =>
        sum(lengths.map((each) => 1 - each / (Math.ceil(each / blockSize) * blockSize))) /
        lengths.length,
      caught: "divide once at the end",
    },
    {
      title: "divides by the tokens, not by the places",
      answer: (lengths, blockSize) => {
        const places = sum(lengths.map((each) => Math.ceil(each / blockSize) * blockSize));
        return (places - sum(lengths)) / sum(lengths);
      },
      caught: "expected 0.333333, got 0.5",
    },
  ],
});

/** A memory of words, of which the blocks of a table hold one sequence. */
const shelf = ["was", "red", "-", "-", "the", "old", "key", "-", "a", "b", "c", "d"];

export const readSequence = defineExercise({
  id: "11.2",
  title: "Read through the table",
  points: 10,
  name: "readSequence",
  stub: `/**
 * The tokens of one sequence, in order. memory holds the places of all blocks, one block
 * after the other; table[i] is the number of the block with the tokens i * blockSize and
 * following; length is the number of tokens.
 */
function readSequence(
  memory: string[],
  table: number[],
  blockSize: number,
  length: number,
): string[] {
  return []; // your turn
}`,
  hints: [
    "For token t: which entry of the table is it in, and how far into that block does it lie?",
    "Token t lies at place table[⌊t / blockSize⌋] · blockSize + t mod blockSize, for t from 0 to length − 1.",
    `\`\`\`ts
function readSequence(
  memory: string[],
  table: number[],
  blockSize: number,
  length: number,
): string[] {
  const tokens: string[] = [];
  for (let t = 0; t < length; t++) {
    const block = table[Math.floor(t / blockSize)]!;
    tokens.push(memory[block * blockSize + t % blockSize]!);
  }
  return tokens;
}
\`\`\``,
  ],
  reference: (memory: string[], table: number[], blockSize: number, length: number): string[] => {
    const allocator = new BlockAllocator(memory.length / blockSize, blockSize);
    while (allocator.allocate() >= 0);
    const places = new BlockTable(allocator, table);
    return Array.from({ length }, (_, token) => memory[places.place(token)]!);
  },
  checks: [
    {
      name: "reads 'the old key was red' from blocks 2 and 0 of two places each, and block 3",
      run: async (read) =>
        expectEqual(
          await read(["key", "was", "-", "-", "the", "old", "red", "-"], [2, 0, 3], 2, 5),
          [
            "the",
            "old",
            "key",
            "was",
            "red",
          ],
          { hint: "the table says which block comes next, not the memory" },
        ),
    },
    {
      name: "stops at the last token, and leaves the empty end of a block out",
      run: async (read) => {
        expectEqual(await read(shelf, [1], 4, 3), ["the", "old", "key"], {
          hint: "the last block may be partly empty: length says how many tokens there are",
        });
        expectEqual(await read(shelf, [], 4, 0), [], { hint: "a sequence may have no token yet" });
      },
    },
    {
      name: "agrees with the library on blocks in any order",
      run: async (read) => {
        const random = seeded(112);
        const memory = Array.from({ length: 60 }, (_, place) => `word ${place}`);
        const order = Array.from({ length: 12 }, (_, block) => ({ block, key: random.uniform() }))
          .toSorted((a, b) => a.key - b.key).map(({ block }) => block);
        expectEqual(
          await read(memory, order.slice(0, 5), 5, 23),
          Array.from({ length: 23 }, (_, t) => `word ${order[Math.floor(t / 5)]! * 5 + t % 5}`),
        );
      },
    },
  ],
  mistakes: [
    {
      title: "reads on from the first block, as if the memory were in one piece",
      answer: (memory, table, blockSize, length) =>
        memory.slice((table[0] ?? 0) * blockSize).slice(0, length),
      caught: "the table says which block comes next",
    },
    {
      title: "reads all places of its blocks",
      answer: (memory, table, blockSize) =>
        table.flatMap((block) => memory.slice(block * blockSize, (block + 1) * blockSize)),
      caught: "length says how many tokens there are",
    },
    {
      title: "takes the remainder for the block and the quotient for the offset",
      answer: (memory, table, blockSize, length) =>
        Array.from(
          { length },
          (_, t) =>
            memory[(table[t % blockSize] ?? 0) * blockSize + Math.floor(t / blockSize)] ?? "",
        ),
      caught: "the table says which block comes next",
    },
    {
      title: "looks up places without multiplying by the block size",
      answer: (memory, table, blockSize, length) =>
        Array.from(
          { length },
          (_, t) => memory[(table[Math.floor(t / blockSize)] ?? 0) + t % blockSize] ?? "",
        ),
      caught: "the table says which block comes next",
    },
  ],
});

/** What happens to sequences. */
interface BlockEvent {
  action: "append" | "fork" | "release";
  sequence: string;
  copy?: string;
}

const append = (sequence: string, times = 1): BlockEvent[] =>
  Array.from({ length: times }, () => ({ action: "append", sequence }));
const fork = (sequence: string, copy: string): BlockEvent => ({ action: "fork", sequence, copy });
const release = (sequence: string): BlockEvent => ({ action: "release", sequence });

/** Blocks as lists of owners: a small world in which plausible mistakes can be made. */
function playBlocks(
  events: readonly BlockEvent[],
  blockSize: number,
  rules: {
    readonly copies: (
      owners: number,
      offset: number,
      writers: Set<object>,
      block: object,
    ) => boolean;
    readonly copiesAtFork?: boolean;
    readonly releasesAll?: boolean;
  },
): number[] {
  interface Block {
    owners: number;
  }
  const tables = new Map<string, { blocks: Block[]; length: number }>();
  const taken = new Set<Block>();
  const once = new Set<object>();
  const take = () => {
    const block = { owners: 1 };
    taken.add(block);
    return block;
  };
  return events.map(({ action, sequence, copy }) => {
    const table = tables.get(sequence) ?? { blocks: [], length: 0 };
    tables.set(sequence, table);
    if (action === "append") {
      const offset = table.length % blockSize;
      const last = table.blocks.at(-1);
      if (last && rules.copies(last.owners, offset, once, last)) {
        table.blocks.pop();
        last.owners--;
        once.add(last);
        table.blocks.push(take());
        if (offset === 0) table.blocks.push(take());
      } else if (offset === 0) table.blocks.push(take());
      table.length++;
    } else if (action === "fork") {
      const blocks = rules.copiesAtFork ? table.blocks.map(take) : [...table.blocks];
      if (!rules.copiesAtFork) blocks.forEach((block) => block.owners++);
      tables.set(copy!, { blocks, length: table.length });
    } else {
      for (const block of table.blocks) {
        if (--block.owners === 0 || rules.releasesAll) taken.delete(block);
      }
      tables.delete(sequence);
    }
    return taken.size;
  });
}

const needed = (owners: number, offset: number) => owners > 1 && offset > 0;

/** Three sequences to which something happens, and now and then a fourth one. */
function randomEvents(seed: number, count: number): BlockEvent[] {
  const random = seeded(seed);
  const alive = new Set(["A"]);
  const events: BlockEvent[] = append("A", 3);
  while (events.length < count) {
    const names = [...alive];
    const name = names[random.integer(names.length)]!;
    const chance = random.uniform();
    if (chance < 0.7) events.push(...append(name));
    else if (chance < 0.85) {
      const free = ["A", "B", "C", "D"].find((each) => !alive.has(each));
      if (!free) continue;
      alive.add(free);
      events.push(fork(name, free));
    } else if (names.length > 1) {
      alive.delete(name);
      events.push(release(name));
    }
  }
  return events;
}

const blocksOfLibrary = (events: BlockEvent[], blockSize: number): number[] => {
  const allocator = new BlockAllocator(1000, blockSize);
  const tables = new Map<string, BlockTable>();
  return events.map(({ action, sequence, copy }) => {
    const table = tables.get(sequence) ?? new BlockTable(allocator);
    tables.set(sequence, table);
    if (action === "append") table.append();
    if (action === "fork") tables.set(copy!, table.fork());
    if (action === "release") {
      table.release();
      tables.delete(sequence);
    }
    return allocator.blocks - allocator.free;
  });
};

export const blocksInUse = defineExercise({
  id: "11.3",
  title: "Copy on write",
  points: 20,
  name: "blocksInUse",
  stub: `interface BlockEvent {
  action: "append" | "fork" | "release";
  sequence: string;
  copy?: string; // of a fork: the name of the second sequence
}

/**
 * How many blocks are in use after each event. An append adds a token to a sequence, which
 * begins to exist with its first one. A fork shares all blocks of a sequence with a second
 * one. Who writes into a block that another sequence has as well gets a copy of it first.
 * A release ends a sequence.
 */
function blocksInUse(events: BlockEvent[], blockSize: number): number[] {
  return []; // your turn
}`,
  hints: [
    "Keep two things: for each sequence its list of blocks and its length, and for each block how many sequences have it. Which of the three actions changes which?",
    "Append: when length mod blockSize is 0, take a new block with one owner. Else, if the last block has more than one owner, take its place with a new one and count one owner less on the old one. Fork: copy the list, count one owner more on each block. Release: count one owner less on each. In use are the blocks with at least one owner.",
    `\`\`\`ts
interface BlockEvent {
  action: "append" | "fork" | "release";
  sequence: string;
  copy?: string;
}
function blocksInUse(events: BlockEvent[], blockSize: number): number[] {
  const owners: number[] = []; // of each block ever taken
  const tables = new Map<string, { blocks: number[]; length: number }>();
  const take = () => owners.push(1) - 1;
  return events.map(({ action, sequence, copy }) => {
    const table = tables.get(sequence) ?? { blocks: [], length: 0 };
    tables.set(sequence, table);
    if (action === "append") {
      const last = table.blocks.at(-1);
      if (table.length % blockSize === 0) table.blocks.push(take());
      else if (owners[last!]! > 1) {
        owners[last!]!--;
        table.blocks[table.blocks.length - 1] = take();
      }
      table.length++;
    } else if (action === "fork") {
      for (const block of table.blocks) owners[block]!++;
      tables.set(copy!, { blocks: [...table.blocks], length: table.length });
    } else {
      for (const block of table.blocks) owners[block]!--;
      tables.delete(sequence);
    }
    return owners.filter((count) => count > 0).length;
  });
}
\`\`\``,
  ],
  reference: blocksOfLibrary,
  checks: [
    {
      name: "takes a block when the last one is full",
      run: async (count) => expectEqual(await count(append("A", 5), 2), [1, 1, 2, 2, 3]),
    },
    {
      name: "takes nothing for a fork",
      run: async (count) =>
        expectEqual(await count([...append("A", 3), fork("A", "B")], 2), [1, 1, 2, 2], {
          hint: "a fork copies the table, and no block",
        }),
    },
    {
      name: "copies a half-full block for the first who writes into it, and not for the last",
      run: async (count) => {
        const events = [...append("A", 3), fork("A", "B"), ...append("B"), ...append("A")];
        expectEqual(await count(events, 2), [1, 1, 2, 2, 3, 3], {
          hint:
            "B writes where A's third token is, so B gets a copy; after that A has the old block alone",
        });
      },
    },
    {
      name: "never copies a full block: nobody writes into it",
      run: async (count) => {
        const events = [...append("A", 2), fork("A", "B"), ...append("B"), ...append("A")];
        expectEqual(await count(events, 2), [1, 1, 1, 2, 3], {
          hint: "the next token goes into a new block, and the full one stays shared",
        });
      },
    },
    {
      name: "keeps the blocks of a sequence that ends while another one has them",
      run: async (count) => {
        const events = [
          ...append("A", 3),
          fork("A", "B"),
          ...append("B", 2),
          release("A"),
          release("B"),
        ];
        expectEqual(await count(events, 2), [1, 1, 2, 2, 3, 4, 3, 0], {
          hint: "a block is free when its last owner has let go",
        });
      },
    },
    {
      name: "agrees with the library on 120 random events",
      run: async (count) => {
        const events = randomEvents(113, 120);
        expectEqual(await count(events, 4), blocksOfLibrary(events, 4));
      },
    },
  ],
  mistakes: [
    {
      title: "copies all blocks at the fork",
      answer: (events, blockSize) =>
        playBlocks(events, blockSize, { copies: () => false, copiesAtFork: true }),
      caught: "a fork copies the table, and no block",
    },
    {
      title: "never copies, so that two sequences write into one block",
      answer: (events, blockSize) => playBlocks(events, blockSize, { copies: () => false }),
      caught: "so B gets a copy",
    },
    {
      title: "copies for each writer, the last one included",
      answer: (events, blockSize) =>
        playBlocks(events, blockSize, {
          copies: (owners, offset, once, block) =>
            needed(owners, offset) || offset > 0 && once.has(block),
        }),
      caught: "A has the old block alone",
    },
    {
      title: "copies full blocks as well",
      answer: (events, blockSize) =>
        playBlocks(events, blockSize, { copies: (owners) => owners > 1 }),
      caught: "the full one stays shared",
    },
    {
      title: "gives back all blocks of a sequence that ends",
      answer: (events, blockSize) =>
        playBlocks(events, blockSize, { copies: needed, releasesAll: true }),
      caught: "when its last owner has let go",
    },
  ],
});

/** A node of a tree of prefixes. */
interface PrefixNode {
  name: string;
  parent: string | null;
  tokens: number;
  used: number;
  locked: boolean;
}

const node = (
  name: string,
  parent: string | null,
  tokens: number,
  used: number,
  locked = false,
): PrefixNode => ({ name, parent, tokens, used, locked });

/** Builds the library's tree so that its nodes are these, and lets it evict. */
function evictedByLibrary(nodes: PrefixNode[], needed: number): string[] {
  const byName = new Map(nodes.map((each) => [each.name, each]));
  const texts = new Map<string, number[]>();
  const owner: string[] = [];
  for (const { name, tokens } of nodes) {
    texts.set(name, Array.from({ length: tokens }, () => owner.push(name) - 1));
  }
  const path = (name: string): string[] => {
    const { parent } = byName.get(name)!;
    return parent === null ? [name] : [...path(parent), name];
  };
  const tree = new RadixTree();
  const stored = new Map<string, RadixNode>();
  // Who is needed later is stored later; what a child needs, its parent is needed for as well.
  const order = nodes.toSorted((a, b) =>
    a.used - b.used || path(b.name).length - path(a.name).length
  );
  for (const { name } of order) {
    const tokens = path(name).flatMap((each) => texts.get(each)!);
    stored.set(name, tree.insert(tokens, tokens).node);
  }
  for (const { name, locked } of nodes) if (locked) tree.lock(stored.get(name)!);
  return [...new Set(tree.evict(needed).map((token) => owner[token]!))];
}

/** Evicts by other rules. */
function evictBy(
  nodes: PrefixNode[],
  needed: number,
  rules: {
    readonly first?: (a: PrefixNode, b: PrefixNode) => number;
    readonly may?: (node: PrefixNode, children: number) => boolean;
    readonly once?: boolean;
  },
): string[] {
  const {
    first = (a, b) => a.used - b.used,
    may = (node: PrefixNode, children: number) => children === 0 && !node.locked,
  } = rules;
  let left = nodes;
  const candidates = () =>
    left.filter((each) => may(each, left.filter(({ parent }) => parent === each.name).length));
  const initial = candidates();
  const gone: string[] = [];
  for (let freed = 0; freed < needed;) {
    const from = rules.once ? initial.filter(({ name }) => !gone.includes(name)) : candidates();
    const [next] = from.toSorted(first);
    if (!next) break;
    gone.push(next.name);
    freed += next.tokens;
    left = left.filter((each) => each !== next);
  }
  return gone;
}

/** Two applications, one with three questions, and a text that nobody asked about again. */
const forest: PrefixNode[] = [
  node("system", null, 40, 9),
  node("question 1", "system", 10, 4),
  node("question 2", "system", 12, 9),
  node("question 3", "system", 8, 7),
  node("manual", null, 100, 5),
  node("page 7", "manual", 20, 5),
  node("old text", null, 15, 2),
];

export const evictLeaves = defineExercise({
  id: "11.4",
  title: "Which leaf goes?",
  points: 20,
  name: "evictLeaves",
  stub: `interface PrefixNode {
  name: string;
  parent: string | null; // the name of the node above, null at the top
  tokens: number;
  used: number; // when it was last needed: larger is later
  locked: boolean; // a running request reads it
}

/**
 * The names of the nodes that are evicted, in order, until at least \`needed\` tokens are
 * free, or nothing is left that may go. Only leaves may go, and no locked ones; first the
 * one that was not needed for longest. Who has lost the last child is a leaf.
 */
function evictLeaves(nodes: PrefixNode[], needed: number): string[] {
  return []; // your turn
}`,
  hints: [
    "It is a loop: find the leaves that may go now, take one, count its tokens. What is a leaf after that?",
    "While freed < needed: candidates are the nodes that are not locked and that no node left names as its parent. Without candidates, stop. Take the one with the smallest `used`, note its name, add its tokens, and remove it from the nodes that are left.",
    `\`\`\`ts
interface PrefixNode {
  name: string;
  parent: string | null;
  tokens: number;
  used: number;
  locked: boolean;
}
function evictLeaves(nodes: PrefixNode[], needed: number): string[] {
  let left = nodes;
  const gone: string[] = [];
  for (let freed = 0; freed < needed;) {
    const candidates = left.filter(({ name, locked }) =>
      !locked && !left.some(({ parent }) => parent === name)
    );
    if (candidates.length === 0) break;
    const leaf = candidates.reduce((a, b) => b.used < a.used ? b : a);
    gone.push(leaf.name);
    freed += leaf.tokens;
    left = left.filter((node) => node !== leaf);
  }
  return gone;
}
\`\`\``,
  ],
  reference: evictedByLibrary,
  checks: [
    {
      name: "takes the leaf that was not needed for longest",
      run: async (evict) => {
        expectEqual(await evict(forest, 1), ["old text"], {
          hint: "the leaf with the smallest `used` goes first, whatever its size",
        });
        expectEqual(await evict(forest, 0), [], { hint: "nothing is needed, so nothing goes" });
      },
    },
    {
      name: "goes on, leaf by leaf, until enough is free",
      run: async (evict) =>
        expectEqual(await evict(forest, 26), ["old text", "question 1", "page 7"], {
          hint: "the first two give 15 and 10 tokens, one short of 26",
        }),
    },
    {
      name: "leaves a prefix in place while something hangs on it",
      run: async (evict) => {
        const answer = await evict(forest, 40);
        expectThat(
          !answer.includes("manual"),
          "manual was evicted while page 7 hangs on it: page 7 has lost its beginning, and nobody can find it",
        );
        expectEqual(answer, ["old text", "question 1", "page 7"]);
      },
    },
    {
      name: "takes a prefix when its last child is gone",
      run: async (evict) =>
        expectEqual(await evict(forest, 100), ["old text", "question 1", "page 7", "manual"], {
          hint: "without page 7, manual is a leaf like all others",
        }),
    },
    {
      name: "never takes what a running request reads, and stops when nothing else is left",
      run: async (evict) => {
        const running = forest.map((each) => ({ ...each, locked: each.name === "page 7" }));
        const answer = await evict(running, 1000);
        expectThat(
          !answer.includes("page 7") && !answer.includes("manual"),
          "page 7 is locked, and manual above it is needed as well: a running request reads both",
        );
        expectEqual(answer, ["old text", "question 1", "question 3", "question 2", "system"]);
      },
    },
  ],
  mistakes: [
    {
      title: "takes the newest first",
      answer: (nodes, needed) => evictBy(nodes, needed, { first: (a, b) => b.used - a.used }),
      caught: "smallest `used` goes first",
    },
    {
      title: "takes the largest first",
      answer: (nodes, needed) => evictBy(nodes, needed, { first: (a, b) => b.tokens - a.tokens }),
      caught: "whatever its size",
    },
    {
      title: "takes any node, leaf or not",
      answer: (nodes, needed) => evictBy(nodes, needed, { may: ({ locked }) => !locked }),
      caught: "lost its beginning",
    },
    {
      title: "looks for leaves only once",
      answer: (nodes, needed) => evictBy(nodes, needed, { once: true }),
      caught: "manual is a leaf like all others",
    },
    {
      title: "takes no notice of locks",
      answer: (nodes, needed) => evictBy(nodes, needed, { may: (_, children) => children === 0 }),
      caught: "a running request reads both",
    },
  ],
});
