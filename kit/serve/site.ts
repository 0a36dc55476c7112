import { Hono } from "hono";
import { contentType } from "./content_type.ts";
import { findFile } from "./find_file.ts";

/** Names by which a browser on this machine reaches this machine. */
const ownNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Does this request name the local machine? A foreign site that points its own name at 127.0.0.1 does not. */
function isLocal(host: string | undefined, url: string): boolean {
  const named = host === undefined ? new URL(url) : URL.parse(`http://${host}/`);
  return named !== null && ownNames.has(named.hostname);
}

const notFound = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Not found · Fewer Bytes</title>
<body style="font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<main>
<h1>There is no such page</h1>
<p>It may not be built yet: <code>deno task build</code> makes the pages.</p>
<p><a href="/build/">To the chapters</a></p>
</main>
`;

/**
 * The course as a web site for the browser on this machine: the pages under /build/, the decks under /slides/, so that
 * their links to each other are the same as on the disk.
 */
export function createSite(root: string): Hono {
  const site = new Hono();
  site.use(async (context, next) => {
    await next();
    context.header("x-content-type-options", "nosniff");
    // Pages change with every build; the browser is to ask each time.
    context.header("cache-control", "no-cache");
  });
  site.use(async (context, next) => {
    if (!isLocal(context.req.header("host"), context.req.url)) {
      return context.text("Cannot answer as the Host must be localhost or 127.0.0.1\n", 403);
    }
    if (!["GET", "HEAD"].includes(context.req.method)) {
      return context.text("Cannot answer as the method must be GET or HEAD\n", 405, {
        allow: "GET, HEAD",
      });
    }
    return await next();
  });
  site.get("/", (context) => context.redirect("/build/"));
  site.get("*", async (context) => {
    const { pathname } = new URL(context.req.url);
    const file = await findFile(root, pathname);
    if (file === undefined) return context.html(notFound, 404);
    // Relative links in an index need the slash.
    const isFolder = file.endsWith("index.html") && !pathname.endsWith("/") &&
      !pathname.endsWith("index.html");
    if (isFolder) return context.redirect(`${pathname}/`);
    return context.body(await Deno.readFile(file), 200, { "content-type": contentType(file) });
  });
  return site;
}
