import { assertEquals } from "@std/assert";
import { replaceChecks } from "../../../../kit/workbench/file/replace_checks.ts";

const marked = (source: string) => replaceChecks(source, "99.1", (call) => `<${call}>`);

Deno.test("replaceChecks() finds each call for the exercise, with its await and up to its own end", () => {
  for (
    const [source, expected] of [
      ['await check("99.1", share);', '<await check("99.1", share)>;'],
      ["const a = check ( '99.1', f ), b = 2;", "const a = <check ( '99.1', f )>, b = 2;"],
      ['check("99.1", (s) => s + ")"); f()', '<check("99.1", (s) => s + ")")>; f()'],
      ['check("99.1", /* :) */ g(1)); f()', '<check("99.1", /* :) */ g(1))>; f()'],
      ['check("99.1", (a) => {\n  return (a);\n})', '<check("99.1", (a) => {\n  return (a);\n})>'],
      ['check("99.1", f); [check("99.1", g),]', '<check("99.1", f)>; [<check("99.1", g)>,]'],
    ]
  ) assertEquals(marked(source!), expected);
});

Deno.test("replaceChecks() leaves other exercises, methods, comments, texts and unfinished calls", () => {
  for (
    const source of [
      'check("99.2", share)',
      'my.check("99.1", share)',
      'recheck("99.1", share); $check("99.1", share)',
      '// check("99.1", share)',
      '/* check("99.1", share) */ f()',
      "const a = 'check(\"99.1\", share)';",
      'check("99.1", share',
      "check(id, share)",
    ]
  ) assertEquals(marked(source), source);
});
