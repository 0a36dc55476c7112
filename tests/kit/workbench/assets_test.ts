import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Assets } from "../../../kit/workbench/mod.ts";
import { mayRun } from "../check/project.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

async function unzip(body: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([body]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}

Deno.test({
  name: "Assets.build() makes the page's script from the repository, at most 400 kB over the wire",
  ignore: !mayRun,
  async fn() {
    const assets = await Assets.build(root);
    const script = (await assets.find("workbench.js"))!;
    assert(script.gzip && script.body.length < 400_000, `${script.body.length} bytes`);
    const text = await unzip(script.body);
    assertStringIncludes(text, "Run all");
    assert(!/\bimport\s*[{*"']|https?:\/\/(?!www\.w3\.org)[\w.]+\/[\w/.-]+\.(js|css)/.test(text));
    const style = await unzip((await assets.find("workbench.css"))!.body);
    // Each font that the style asks for is there.
    const fonts = style.match(/fonts\/[\w-]+\.woff2/g)!;
    assert(fonts.length >= 20);
    for (const font of fonts) assertEquals((await assets.find(font))?.type, "font/woff2");
    assertEquals(await assets.find("fonts/none.woff2"), undefined);
    assertEquals(await assets.find("../deno.json"), undefined);
  },
});
