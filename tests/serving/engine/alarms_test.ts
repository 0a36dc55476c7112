import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Alarms } from "../../../lib/serving/engine/alarms.ts";

Deno.test("Alarms ring in the order of their times", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.nat(1000)), (times) => {
    const alarms = new Alarms();
    times.forEach((time) => alarms.add(time, time));
    const order: number[] = [];
    while (alarms.next < Infinity) order.push(alarms.take());
    assertEquals(order, [...times].sort((one, other) => one - other));
  }));
});
