import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { IdQueue } from "../../../lib/serving/engine/id_queue.ts";

Deno.test("IdQueue does what an array does, at both ends and in the middle", () => {
  const action = fc.oneof(
    fc.record({ kind: fc.constantFrom("back", "front"), value: fc.nat(1000) }),
    fc.record({ kind: fc.constant("remove"), value: fc.nat(1000) }),
  );
  fc.assert(fc.property(fc.array(action, { maxLength: 400 }), (actions) => {
    const queue = new IdQueue();
    const array: number[] = [];
    for (const { kind, value } of actions) {
      if (kind === "back") [queue.pushBack(value), array.push(value)];
      else if (kind === "front") [queue.pushFront(value), array.unshift(value)];
      else if (array.length > 0) {
        const place = value % array.length;
        assertEquals(queue.remove(place), array.splice(place, 1)[0]);
      }
    }
    assertEquals(Array.from({ length: queue.length }, (_, place) => queue.at(place)), array);
  }));
});
