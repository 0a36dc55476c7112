import { assert, assertEquals, assertFalse } from "@std/assert";
import { calls, defines, tokens } from "../../../kit/exercises/tokens.ts";

Deno.test("tokens() gives the same for code that a formatter would make the same", () => {
  const one = `function f(a, b) {\n  // a comment\n  return g('x', [a, b]);\n}`;
  const other = `function f(a, b,) { /* another */ return g("x", [a,\n b,]) }`;
  assertEquals(tokens(one), tokens(other));
});

Deno.test("tokens() tells apart what differs in a number, a text or an operator", () => {
  for (
    const [one, other] of [["a / b", "a * b"], ["f(1.5)", "f(15)"], ["'a b'", "'ab'"], [
      "a.b",
      "ab",
    ]]
  ) {
    assert(JSON.stringify(tokens(one!)) !== JSON.stringify(tokens(other!)), `${one} and ${other}`);
  }
});

Deno.test("tokens() takes a comment sign inside a text for text", () => {
  assertEquals(tokens('f("// no comment") // comment'), ["f", "(", '"// no comment"', ")"]);
});

Deno.test("defines() finds functions, constants, variables and classes by their name alone", () => {
  for (
    const source of [
      "async function f() {}",
      "const f = 1",
      "let f",
      "class f {}",
      "function* f() {}",
    ]
  ) {
    assert(defines(tokens(source), "f"), source);
  }
  for (
    const source of [
      "f()",
      "const g = f",
      "// function f() {}",
      "'function f() {}'",
      "function ff() {}",
    ]
  ) {
    assertFalse(defines(tokens(source), "f"), source);
  }
});

Deno.test("calls() finds calls in code, with their id and argument, and none in comments, texts or methods", () => {
  const found = calls(tokens(`await check('01.1', (a) => g(a)); check("01.2", f,)`), "check");
  assertEquals(found.map(({ id, argument }) => [id, argument.join(" ")]), [[
    "01.1",
    "( a ) = > g ( a )",
  ], [
    "01.2",
    "f",
  ]]);
  assertEquals(
    calls(
      tokens(`// check("01.1", f)\n"check('01.1', f)"; my.check("01.1", f); check(id, f)`),
      "check",
    ),
    [],
  );
});
