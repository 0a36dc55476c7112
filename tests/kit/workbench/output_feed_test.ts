import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import type { OutputEvent } from "../../../kit/kernel/mod.ts";
import { ChapterRenderer } from "../../../kit/workbench/chapter_renderer.ts";
import { OutputFeed } from "../../../kit/workbench/output_feed.ts";
import type { ServerMessage } from "../../../kit/workbench/protocol.ts";

const granted = (["read", "env"] as const).every((name) =>
  Deno.permissions.querySync({ name }).state === "granted"
);
const ignore = !granted;

const print = (text: string, name: "stdout" | "stderr" = "stdout"): OutputEvent => ({
  type: "output",
  output: { output_type: "stream", name, text },
});
const show = (text: string, display?: string): OutputEvent => ({
  type: "output",
  output: { output_type: "display_data", data: { "text/plain": text }, metadata: {} },
  ...(display !== undefined && { display }),
});

/** What a page has on it after some messages: the outputs' HTML, with printed text appended as the page does. */
class Page {
  outputs: string[] = [];

  take(messages: readonly ServerMessage[]): void {
    for (const message of messages) {
      if (message.type === "outputs") this.outputs.splice(message.from, Infinity, ...message.html);
      if (message.type === "text") {
        const { output, text } = message;
        this.outputs[output] = this.outputs[output]!.replace("</pre>", () => `${text}</pre>`);
      }
    }
  }
}

async function feedOf(displays = new Map()) {
  return new OutputFeed("c", 3, await ChapterRenderer.create(), displays);
}

Deno.test({
  name: "a cell that prints many lines sends each of them once, as text",
  ignore,
  async fn() {
    const feed = await feedOf();
    feed.add(print("line 0\n"));
    assertEquals(feed.news().map(({ type }) => type), ["outputs"]);
    for (let line = 1; line < 2000; line++) feed.add(print(`line ${line}\n`));
    const [more, ...others] = feed.news();
    assertEquals(others, []);
    assertEquals(more?.type === "text" && more.text.match(/line \d+/g)?.length, 1999);
    assertEquals(feed.news(), []);
  },
});

Deno.test({
  name:
    "what is printed without end is shown up to a bound, with a word that the file has the rest",
  ignore,
  async fn() {
    const feed = await feedOf();
    const page = new Page();
    for (let piece = 0; piece < 30; piece++) {
      feed.add(print("0123456789".repeat(1000)));
      page.take(feed.news());
    }
    const text = page.outputs[0]!.replaceAll(/<[^>]*>/g, "");
    assertEquals(text.match(/\d/g)!.length, 200_000);
    assertEquals(text.split("The rest is in the notebook").length, 2);
    assertEquals(feed.outputs.length, 1);
  },
});

Deno.test({
  name: "an update of an earlier display is news of the cell that displays it",
  ignore,
  async fn() {
    const displays = new Map();
    const [first, second] = [await feedOf(displays), await feedOf(displays)];
    first.add(show("0 %", "bar"));
    first.news();
    second.add({
      type: "update",
      display: "bar",
      data: { "text/plain": "50 %" },
      metadata: {},
    });
    assertEquals(second.news(), []);
    const [message] = first.news();
    assertEquals(message?.type, "outputs");
    assertStringIncludes(message?.type === "outputs" ? message.html[0]! : "", "50 %");
  },
});

const event = fc.oneof(
  fc.tuple(fc.stringMatching(/^[a-z\n]{1,4}$/), fc.constantFrom("stdout", "stderr")).map((
    [text, name],
  ) => print(text, name)),
  fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.constantFrom(undefined, "d", "e")).map((
    [text, display],
  ) => show(text, display)),
  fc.tuple(fc.constantFrom("d", "e"), fc.stringMatching(/^[a-z]{1,5}$/)).map((
    [display, text],
  ): OutputEvent => ({ type: "update", display, data: { "text/plain": text }, metadata: {} })),
  fc.boolean().map((wait): OutputEvent => ({ type: "clear", wait })),
);

Deno.test({
  name: "however events come and news are fetched, the page ends with what the notebook holds",
  ignore,
  async fn() {
    const renderer = await ChapterRenderer.create();
    fc.assert(
      fc.property(fc.array(fc.tuple(event, fc.boolean()), { maxLength: 20 }), (steps) => {
        const feed = new OutputFeed("c", 3, renderer, new Map());
        const page = new Page();
        for (const [step, fetched] of steps) {
          feed.add(step);
          if (fetched) page.take(feed.news());
        }
        page.take(feed.news());
        const whole = feed.outputs.map((output, index) => renderer.output(output, 3, index));
        assertEquals(page.outputs, whole);
      }),
      { numRuns: 300 },
    );
  },
});
