import { assert, assertEquals, assertThrows } from "@std/assert";
import { Matrix } from "@fewer-bytes/numeric";
import { einsum, ranksOf, runEinsums } from "@fewer-bytes/attention";
import { tensorOf } from "./tensor_of.ts";

Deno.test("runEinsums() multiplies matrices as Matrix does", () => {
  const a = Matrix.from([[1, 2, 3], [4, 5, 6]]);
  const b = Matrix.from([[1, 0], [2, 1], [0, 5]]);
  const product = einsum("C[i,j]", ["A[i,k]", "B[k,j]"], (x, y) => x! * y!);
  const { C } = runEinsums([product], { i: 2, j: 2, k: 3 }, { A: tensorOf(a), B: tensorOf(b) });
  assertEquals(C, tensorOf(a.multiply(b)));
});

Deno.test("runEinsums() keeps the largest, and runs along a rank from an initial value", () => {
  const given = () => ({ A: new Map([["0", 3], ["1", 9], ["2", 4]]) });
  const largest = einsum("T[]", ["A[i]"], (a) => a!, "largest");
  assertEquals(runEinsums([largest], { i: 3 }, given())["T"]!.get(""), 9);
  const running = einsum("R[i+1]", ["R[i]", "A[i]"], (r, a) => r! + a!);
  const { R } = runEinsums([running], { i: 3 }, given(), { R: 100 });
  assertEquals([...R!], [["1", 103], ["2", 112], ["3", 116]]);
  const last = einsum("T[]", ["R[I]"], (r) => r!);
  assertEquals(runEinsums([running, last], { i: 3 }, given())["T"]!.get(""), 16);
});

Deno.test("ranksOf() lists what is walked over, not what is only looked up", () => {
  const line = einsum("AV[f,p]", ["RNV[M1,f,p]", "RD[M1,p]"], (a, b) => a! / b!);
  assertEquals(ranksOf(line), ["f", "p"]);
  assertEquals(ranksOf(einsum("R[i+1]", ["R[i]"], (r) => r!)), ["i"]);
});

Deno.test("einsum() refuses what does not read as a tensor with indices", () => {
  for (const text of ["A", "A[", "A[i,]", "[i]", "A[i-1]"]) {
    assertThrows(() => einsum(text, [], () => 0), SyntaxError, text);
  }
  assert(einsum("A[]", [], () => 1).output.indices.length === 0);
});
