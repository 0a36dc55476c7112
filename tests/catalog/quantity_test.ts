import { assertEquals } from "@std/assert";
import { quantity } from "../../lib/catalog/quantity.ts";

Deno.test("quantity() reads a datasheet string in its base unit, and says what is wrong with others", () => {
  assertEquals(quantity("B/s").parse("3.35 TB/s"), 3.35e12);
  const { error } = quantity("W").safeParse("300 s");
  assertEquals(error?.issues[0]?.message.includes("another dimension"), true);
});
