import { type Displays, OutputList } from "../kernel/output_list.ts";
import type { OutputEvent } from "../kernel/mod.ts";
import { type Output, text } from "../notebook/mod.ts";
import { type ChapterRenderer, shownText } from "./chapter_renderer.ts";
import type { ServerMessage } from "./protocol.ts";

/** What a page has been sent of one output: its content, or how much of a printed text. */
interface Sent {
  readonly output: Output;
  readonly content: unknown;
  readonly shown: number;
}

/**
 * The outputs of one cell on their way to the pages: what the kernel sends is put together as a notebook shows it, and
 * each {@linkcode OutputFeed.news} says what has changed since the last one. So a cell that prints 2,000 lines costs a
 * few messages of text, and a progress bar that is drawn again and again costs one output each time.
 */
export class OutputFeed {
  readonly #list: OutputList;
  #sent: Sent[] = [];

  /** @param displays those of the kernel, which later cells may update */
  constructor(
    private readonly cell: string,
    private readonly number: number,
    private readonly renderer: Pick<ChapterRenderer, "output">,
    displays: Displays,
  ) {
    this.#list = new OutputList(displays);
  }

  get outputs(): readonly Output[] {
    return this.#list.outputs;
  }

  add(event: OutputEvent): void {
    this.#list.add(event);
  }

  /** The messages that bring a page from what it was sent last to what there is now. */
  news(): ServerMessage[] {
    const { outputs } = this;
    const sent = this.#sent;
    this.#sent = outputs.map(sentOf);
    const first = outputs.findIndex((output, index) => !continues(sent[index], output));
    const from = first < 0 ? outputs.length : first;
    const texts = outputs.slice(0, from).flatMap((output, index) =>
      this.#more(output, sent[index], index)
    );
    if (from === outputs.length && sent.length <= outputs.length) return texts;
    const html = outputs.slice(from).map((output, index) =>
      this.renderer.output(output, this.number, from + index)
    );
    return [...texts, { type: "outputs", cell: this.cell, from, html }];
  }

  #more(output: Output, sent: Sent | undefined, index: number): ServerMessage[] {
    if (output.output_type !== "stream" || !sent) return [];
    const more = shownText(text(output.text)).slice(sent.shown);
    return more === "" ? [] : [{ type: "text", cell: this.cell, output: index, text: more }];
  }
}

function sentOf(output: Output): Sent {
  const shown = output.output_type === "stream" ? shownText(text(output.text)).length : 0;
  return { output, content: contentOf(output), shown };
}

/** An update replaces what an output holds and leaves the output; printing on leaves both. */
function contentOf(output: Output): unknown {
  return "data" in output ? output.data : output;
}

/** Is this output what was sent, or does it go on where that ends? */
function continues(sent: Sent | undefined, output: Output): boolean {
  return sent?.output === output && sent.content === contentOf(output);
}
