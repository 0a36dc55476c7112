import { assertEquals, assertThrows } from "@std/assert";
import { moduleExpression } from "../../../kit/render/script.ts";

Deno.test("moduleExpression() evaluates to the module's default export", () => {
  const expression = moduleExpression(
    "const a = 2;\nconst b = a * 21;\nexport { b as default };\n",
    "m",
  );
  assertEquals(new Function(`return ${expression}`)(), 42);
});

Deno.test("moduleExpression() refuses a module without a default export at its end", () => {
  assertThrows(
    () => moduleExpression("export const a = 1;", "m"),
    SyntaxError,
    "Cannot inline module m",
  );
});
