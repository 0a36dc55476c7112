import type { Page } from "playwright-core";

/** How many controls a page may have before one is given up as out of reach. */
const limit = 700;

/** Somebody at a page who uses no pointer. */
export class Keyboard {
  constructor(readonly page: Page) {}

  /** The name of what has the focus, as a screen reader says it. */
  async focused(): Promise<string> {
    return await this.page.evaluate(() => {
      const element = document.activeElement;
      const name = element?.getAttribute("aria-label") ?? element?.textContent ?? "";
      return name.replace(/\s+/g, " ").trim();
    });
  }

  /** Goes on with Tab until something of this name has the focus. */
  async reach(name: string | RegExp): Promise<void> {
    for (let step = 0; step < limit; step++) {
      const focused = await this.focused();
      if (typeof name === "string" ? focused === name : name.test(focused)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Cannot reach ${name} by the keyboard`);
  }

  /** Goes to a control and uses it. */
  async use(name: string | RegExp): Promise<void> {
    await this.reach(name);
    await this.page.keyboard.press("Enter");
  }

  /** Puts other code in place of an editor's, and runs it. */
  async run(editor: string, code: string): Promise<void> {
    await this.reach(editor);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(code);
    await this.page.keyboard.press("ControlOrMeta+Enter");
  }
}
