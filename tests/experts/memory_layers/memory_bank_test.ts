import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { bankCosts, tokensToRepay } from "@fewer-bytes/experts";

const fast = { name: "memory", capacity: 8e9, bandwidth: 50e9 };
const slow = { name: "flash", capacity: 128e9, bandwidth: 2e9, latency: 1e-4 };
const levels = [
  { blocks: 16, parameters: 10e6, tier: fast },
  { blocks: 256, parameters: 6e6, tier: slow },
  { blocks: 4096, parameters: 2e6, tier: slow },
];
const bank = { anchor: 160e6, levels };

Deno.test("bankCosts() counts what is stored, what is fetched and what works", () => {
  const costs = bankCosts(bank);
  assertEquals(costs.bank, 16 * 10e6 + 256 * 6e6 + 4096 * 2e6);
  assertEquals([costs.fetched, costs.active], [18e6, 178e6]);
  assertAlmostEquals(costs.activeOverAnchor, 178 / 160, 1e-12);
  assertAlmostEquals(costs.fetchedShare, 18e6 / costs.bank, 1e-12);
  assertEquals(costs.resident, 356e6);
  assertEquals(costs.stored.reduce((a, b) => a + b, 0), 2 * costs.bank);
  assertAlmostEquals(costs.seconds, 20e6 / 50e9 + 2e-4 + 16e6 / 2e9, 1e-12);
});

Deno.test("bankCosts() brings only what changed, down to nothing", () => {
  assertEquals([0, 1, 2, 3].map((changed) => bankCosts(bank, changed).moved), [36e6, 16e6, 4e6, 0]);
  assert(bankCosts(bank, 2).seconds < bankCosts(bank, 1).seconds);
  assertEquals(bankCosts(bank, 3).active, 178e6);
});

// The hint of the ledger: 18 million in 16 bits from flash of 2 GB/s take 18 ms.
Deno.test("18 million parameters come from flash of 2 GB/s in 18 ms", () => {
  const flash = { ...slow, latency: 0 };
  const { seconds } = bankCosts({
    anchor: 160e6,
    levels: [{ blocks: 255, parameters: 18e6, tier: flash }],
  });
  assertAlmostEquals(seconds, 18e-3, 1e-12);
});

Deno.test("tokensToRepay() leaves fetching its share of all time", () => {
  for (const share of [0.01, 0.1, 0.5]) {
    const tokens = tokensToRepay(0.018, 0.005, share);
    assertAlmostEquals(0.018 / (0.018 + tokens * 0.005), share, 1e-12);
  }
  assertEquals(tokensToRepay(0, 1), 0);
  assertThrows(() => tokensToRepay(1, 0), RangeError, "the time of a token");
  assertThrows(() => tokensToRepay(1, 1, 1), RangeError, "between 0 and 1");
  assertThrows(() => tokensToRepay(NaN, 1), RangeError, "at least 0");
});

Deno.test("a bank refuses no levels, no blocks, and a tier of zero bandwidth", () => {
  assertThrows(() => bankCosts({ anchor: 1, levels: [] }), RangeError, "the number of levels");
  const odd = (level: object) => bankCosts({ anchor: 1, levels: [{ ...levels[0]!, ...level }] });
  assertThrows(() => odd({ blocks: 0 }), RangeError, "the blocks of a level");
  assertThrows(() => odd({ parameters: NaN }), RangeError, "the parameters of a block");
  assertThrows(() => odd({ tier: { ...fast, bandwidth: 0 } }), RangeError, "the bandwidth");
});
