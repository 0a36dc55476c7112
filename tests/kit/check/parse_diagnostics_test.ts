import { assertEquals } from "@std/assert";
import { parseDiagnostics, parseLoadError } from "../../../kit/check/parse_diagnostics.ts";

// What Deno 2.9.6 writes, with NO_COLOR.
const written = `Check f.ts
TS2307 [ERROR]: Cannot find module 'file:///tmp/missing.ts'.
    at file:///tmp/f.ts:1:30

TS2322 [ERROR]: Type '(SVGSVGElement | HTMLElement) & Plot' is not assignable to type 'string'.
  Type 'SVGSVGElement & Plot' is not assignable to type 'string'.
        const a: A = { n: "x" };   // indented
                       ^
    at file:///tmp/f.ts:4:24

    The expected type comes from property 'n' which is declared here on type 'A'
      interface A { n: number; }
                    ^
        at file:///tmp/f.ts:3:17

TS2365 [ERROR]: Operator '+' cannot be applied to types 'Promise<number>' and '1'.
  zz + 1;
  ~~~~~~
    at file:///tmp/g.ts:9:3

TS2773 [ERROR]:     Did you forget to use 'await'?
      zz + 1;
      ~~~~~~
        at file:///tmp/g.ts:9:3

Found 4 errors.

error: Type checking failed.
`;

Deno.test("parseDiagnostics() keeps messages of several lines and leaves out code, carets and remarks", () => {
  assertEquals(parseDiagnostics(written), [
    {
      code: "TS2307",
      message: "Cannot find module 'file:///tmp/missing.ts'.",
      file: "file:///tmp/f.ts",
      line: 1,
      column: 30,
    },
    {
      code: "TS2322",
      message: "Type '(SVGSVGElement | HTMLElement) & Plot' is not assignable to type 'string'.\n" +
        "  Type 'SVGSVGElement & Plot' is not assignable to type 'string'.",
      file: "file:///tmp/f.ts",
      line: 4,
      column: 24,
    },
    {
      code: "TS2365",
      message: "Operator '+' cannot be applied to types 'Promise<number>' and '1'.",
      file: "file:///tmp/g.ts",
      line: 9,
      column: 3,
    },
  ]);
  assertEquals(parseLoadError(written), undefined);
});

Deno.test("parseLoadError() finds why a module cannot be loaded, in one line or several", () => {
  assertEquals(
    parseLoadError(
      "error: npm package 'x' does not exist.\n    at file:///tmp/b.ts:1:15\n\nStack backtrace:\n",
    ),
    {
      code: "import",
      message: "npm package 'x' does not exist.",
      file: "file:///tmp/b.ts",
      line: 1,
      column: 15,
    },
  );
  assertEquals(
    parseLoadError(
      "error: Invalid package specifier 'npm:'\n    0: Did not contain a package name\n    at file:///b.ts:1:2\n",
    )
      ?.message,
    "Invalid package specifier 'npm:'\n    0: Did not contain a package name",
  );
});
