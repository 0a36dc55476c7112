import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { pageMappings } from "@fewer-bytes/paging";

const batch = {
  model: findModel("llama-3.1-8b"),
  batch: 10,
  maximum: 131_072,
  secondsPerPage: 40e-6,
};

Deno.test("pageMappings() counts the pages that sequences need as they grow, one by one", () => {
  const { pagesPerStep, tokensPerPage, secondsPerStep } = pageMappings({
    ...batch,
    pageBytes: 2 ** 17,
  });
  assertEquals(tokensPerPage, 64);
  let pages = 0;
  for (let step = 0; step < 640; step++) {
    for (let sequence = 0; sequence < 10; sequence++) {
      if ((step + 7 * sequence) % 64 === 0) pages += 2 * 32;
    }
  }
  assertAlmostEquals(pagesPerStep, pages / 640);
  assertAlmostEquals(secondsPerStep, 40e-6 * pages / 640);
});

Deno.test("address space is reserved for the longest sequences, and memory wasted for less than a page in each buffer", () => {
  const large = pageMappings({ ...batch, pageBytes: 2 ** 21 });
  assertEquals(large.addressSpace, 10 * 131_072 * 131_072); // 128 KiB a token
  assert(large.addressSpace < 2 ** 47);
  assertEquals(large.wasteBelow, 64 * (2 ** 21 - 2048));
  assertAlmostEquals(large.secondsAtOnce, 64 * 40e-6);
});

Deno.test("pageMappings() refuses pages smaller than a token, and numbers out of range", () => {
  assertThrows(() => pageMappings({ ...batch, pageBytes: 1024 }), RangeError, "tokens in a page");
  assertThrows(() => pageMappings({ ...batch, pageBytes: 2 ** 21, batch: 0 }), RangeError, "batch");
  assertThrows(
    () => pageMappings({ ...batch, pageBytes: 2 ** 21, secondsPerPage: NaN }),
    RangeError,
    "secondsPerPage",
  );
});
