import { assert, assertEquals, assertThrows } from "@std/assert";
import { seeded } from "@fewer-bytes/numeric";
import { auditBlocks, BlockAllocator, BlockTable } from "@fewer-bytes/paging";

/** Sequences over one memory, each with a plain copy of what it should hold. */
function machine(seed: number, blocks: number, blockSize: number, operations: number) {
  const random = seeded(seed);
  const allocator = new BlockAllocator(blocks, blockSize);
  const memory = new Int32Array(blocks * blockSize);
  const copy = (from: number, to: number) => {
    memory.copyWithin(to * blockSize, from * blockSize, (from + 1) * blockSize);
    copies++;
  };
  let sequences: { table: BlockTable; tokens: number[] }[] = [];
  let copies = 0, refused = 0;
  const drop = (chosen: typeof sequences[number]) => {
    chosen.table.release();
    sequences = sequences.filter((sequence) => sequence !== chosen);
  };
  const check = () => {
    assertEquals(auditBlocks(allocator, sequences.map(({ table }) => table.blocks)), []);
    for (const { table, tokens } of sequences) {
      assertEquals(tokens.map((_, token) => memory[table.place(token)]), tokens);
    }
  };
  for (let operation = 0; operation < operations; operation++) {
    const chosen = sequences[Math.floor(random.uniform() * sequences.length)];
    const draw = random.uniform();
    if (!chosen || draw < 0.02) sequences.push({ table: new BlockTable(allocator), tokens: [] });
    else if (draw < 0.05) {
      sequences.push({ table: chosen.table.fork(), tokens: [...chosen.tokens] });
    } else if (draw < 0.09) {
      drop(chosen);
    } else {
      const { free } = allocator;
      const needed = chosen.table.blocksNeeded(1);
      const place = chosen.table.append(copy);
      assertEquals(place < 0, needed > free);
      if (place >= 0) {
        assertEquals(free - allocator.free, needed);
        memory[place] = operation;
        chosen.tokens.push(operation);
      } else {
        refused++;
        if (random.uniform() < 0.5) drop(chosen);
      }
    }
    if (operation % 1000 === 0) check();
  }
  check();
  for (const { table } of sequences) table.release();
  assertEquals(allocator.free, blocks);
  return { copies, refused };
}

Deno.test("after 100,000 random operations no block is leaked or owned twice, references are exact, and every token is where its table says", () => {
  const { copies, refused } = machine(1, 64, 4, 100_000);
  assert(copies > 1000 && refused > 100, `${copies} copies on write, ${refused} refusals`);
});

Deno.test("the same holds for blocks of one token, which are never copied, and for large ones", () => {
  assertEquals(machine(2, 50, 1, 20_000).copies, 0);
  machine(3, 8, 32, 20_000);
});

Deno.test("BlockTable.fork() copies only the block that is half full, once for each writer but the last", () => {
  const allocator = new BlockAllocator(20, 4);
  const prompt = new BlockTable(allocator);
  for (let token = 0; token < 10; token++) prompt.append();
  const forks = [prompt, prompt.fork(), prompt.fork()];
  assertEquals(allocator.free, 17);
  let copies = 0;
  for (const fork of forks) fork.append(() => copies++);
  assertEquals(copies, 2);
  assertEquals(allocator.free, 15);
  for (const fork of forks) fork.append(() => copies++);
  assertEquals(copies, 2);
});

Deno.test("BlockTable.append() changes nothing when no block is free", () => {
  const allocator = new BlockAllocator(1, 2);
  const table = new BlockTable(allocator);
  table.append();
  const fork = table.fork();
  assertEquals(fork.append(() => assert(false, "nothing to copy to")), -1);
  assertEquals([fork.length, fork.blocks, allocator.references(0)], [1, [0], 2]);
});

Deno.test("BlockTable takes over full blocks of others, and refuses those that nobody owns", () => {
  const allocator = new BlockAllocator(4, 2);
  const first = new BlockTable(allocator);
  for (let token = 0; token < 4; token++) first.append();
  const second = new BlockTable(allocator, first.blocks);
  assertEquals(second.length, 4);
  second.append();
  first.release();
  assertEquals([allocator.free, second.place(3), second.place(4)], [1, 3, 4]);
  assertThrows(() => new BlockTable(allocator, [3]), RangeError, "Cannot share block 3");
});
