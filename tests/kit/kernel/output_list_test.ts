import { assertEquals } from "@std/assert";
import * as fc from "fast-check";
import { type OutputEvent, OutputList } from "../../../kit/kernel/mod.ts";

const stream = (name: "stdout" | "stderr", text: string): OutputEvent => ({
  type: "output",
  output: { output_type: "stream", name, text },
});
const display = (text: string, name?: string): OutputEvent => ({
  type: "output",
  output: { output_type: "display_data", data: { "text/plain": text }, metadata: {} },
  ...(name === undefined ? {} : { display: name }),
});
const shown = (list: OutputList) =>
  list.outputs.map((output) => "text" in output ? output.text : "data" in output && output.data);

Deno.test("OutputList joins pieces of a stream that follow one another, and loses none", () => {
  const piece = fc.record({
    name: fc.constantFrom("stdout" as const, "stderr" as const),
    text: fc.string(),
  });
  fc.assert(fc.property(fc.array(piece), (pieces) => {
    const list = new OutputList();
    for (const { name, text } of pieces) list.add(stream(name, text));
    const names = list.outputs.map((output) => output.output_type === "stream" ? output.name : "");
    assertEquals(names.filter((name, index) => name === names[index - 1]), []);
    assertEquals(shown(list).join(""), pieces.map(({ text }) => text).join(""));
  }));
});

Deno.test("OutputList updates every display of a name, of this cell and of others, and no other", () => {
  const displays = new Map();
  const first = new OutputList(displays), second = new OutputList(displays);
  first.add(display("a", "x"));
  first.add(display("b", "y"));
  second.add(display("c", "x"));
  second.add({ type: "update", display: "x", data: { "text/plain": "new" }, metadata: {} });
  second.add({ type: "update", display: "unknown", data: {}, metadata: {} });
  assertEquals(shown(first), [{ "text/plain": "new" }, { "text/plain": "b" }]);
  assertEquals(shown(second), [{ "text/plain": "new" }]);
});

Deno.test("OutputList clears at once, or with the next output when it is told to wait", () => {
  const list = new OutputList();
  list.add(stream("stdout", "1"));
  list.add({ type: "clear", wait: true });
  assertEquals(shown(list), ["1"]);
  list.add(stream("stdout", "2"));
  assertEquals(shown(list), ["2"]);
  list.add({ type: "clear", wait: false });
  assertEquals(shown(list), []);
});

Deno.test("OutputList does not change the events that it is given", () => {
  const event = stream("stdout", "1");
  const list = new OutputList();
  list.add(event);
  list.add(stream("stdout", "2"));
  assertEquals(event, stream("stdout", "1"));
});
