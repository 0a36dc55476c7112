import { fileURLToPath } from "node:url";
import katexCss from "katex/dist/katex.min.css" with { type: "text" };
import { runDeno, withTemporaryFolder } from "../cells/mod.ts";
import colorsCss from "../render/colors.css" with { type: "text" };
import contentCss from "../render/content.css" with { type: "text" };
import pageCss from "../render/page.css" with { type: "text" };
import themeScript from "../render/theme_script.js" with { type: "text" };
import workbenchCss from "./page/workbench.css" with { type: "text" };

/** A file of the front end, as it is sent. */
export interface Asset {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  /** Whether the body is compressed by gzip. */
  readonly gzip: boolean;
}

async function compressed(type: string, text: string): Promise<Asset> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { type, body: await new Response(stream).bytes(), gzip: true };
}

/** The script of the page: TypeScript of this repository and its packages in one file, made by Deno itself. */
async function bundle(root: string): Promise<string> {
  return await withTemporaryFolder(async (folder) => {
    const output = `${folder}/workbench.js`;
    const entry = fileURLToPath(new URL("./page/main.tsx", import.meta.url));
    const args = ["bundle", "--quiet", "--platform=browser", "--minify", "--output", output, entry];
    const { success, stderr } = await runDeno(args, root);
    if (!success) throw new Error(`Cannot bundle the workbench's page: ${stderr.trim()}`);
    return await Deno.readTextFile(output);
  });
}

/** KaTeX's fonts by file name, as its style sheet asks for them. */
const fonts = new Set(katexCss.match(/(?<=fonts\/)[\w-]+\.woff2/g));

/** What the pages load, by name under /assets/: script, style, fonts. All of it comes from here, nothing from a network. */
export class Assets {
  private constructor(private readonly files: ReadonlyMap<string, Asset>) {}

  /** Builds the front end: about a fifth of a second, and a few more at the very first time. */
  static async build(root: string): Promise<Assets> {
    const style = [colorsCss, contentCss, pageCss, workbenchCss, katexCss].join("\n");
    const javaScript = "text/javascript; charset=utf-8";
    return new Assets(
      new Map([
        ["workbench.js", await compressed(javaScript, await bundle(root))],
        ["theme.js", await compressed(javaScript, themeScript)],
        ["workbench.css", await compressed("text/css; charset=utf-8", style)],
      ]),
    );
  }

  /** The file of that name; undefined when there is none. */
  async find(name: string): Promise<Asset | undefined> {
    const font = name.match(/^fonts\/([\w-]+\.woff2)$/)?.[1];
    if (font === undefined || !fonts.has(font)) return this.files.get(name);
    const body = await Deno.readFile(new URL(import.meta.resolve(`katex/dist/fonts/${font}`)));
    return { type: "font/woff2", body, gzip: false };
  }
}
