import { type Context, Hono } from "hono";
import { upgradeWebSocket } from "hono/deno";
import { courseName } from "../render/course_name.ts";
import type { Assets } from "./assets.ts";
import { readClientMessage } from "./client_message.ts";
import { guard, newSecret } from "./guard.ts";
import type { ChapterPage } from "./live_chapter.ts";
import type { ServerMessage } from "./protocol.ts";
import type { Workbench } from "./workbench.ts";

/** What the pages may load and run: this server's own files, and no script that stands in a notebook. */
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; " +
  "frame-ancestors 'none'";

/**
 * A deck is one file with scripts inside, and beside them a notebook's own HTML. Scripts run that carry the mark, so none
 * that a notebook brings. The speaker's view frames the deck.
 */
function deckPolicy(nonce: string): string {
  return `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'unsafe-inline'; img-src data:; ` +
    "font-src data:; frame-src 'self'; frame-ancestors 'self'; form-action 'none'; base-uri 'none'";
}

/** One shell for all pages; the script finds out by the address which one it is. */
const shell = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${courseName}</title>
<link rel="icon" href="data:,">
<script src="/assets/theme.js"></script>
<link rel="stylesheet" href="/assets/workbench.css">
<script type="module" src="/assets/workbench.js"></script>
</head>
<body>
<div id="app"></div>
<noscript>The workbench runs in the browser and needs its script.</noscript>
</body>
</html>
`;

const notFound = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Not found · ${courseName}</title>
<body style="font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<main>
<h1>There is no such page</h1>
<p><a href="/">To the chapters</a></p>
</main>
`;

/**
 * The routes of the workbench. All of them answer to GET alone and to this run's key alone, see {@linkcode guard}; what
 * changes a notebook goes over the WebSocket of its chapter.
 */
export function createApp(
  workbench: Workbench,
  assets: Pick<Assets, "find">,
  key: string,
): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    const set = (name: string, value: string) => context.header(name, value);
    // A WebSocket's answer is not ours to change.
    if (context.res.status === 101) return;
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set("cross-origin-resource-policy", "same-origin");
    set("cache-control", "no-store");
    if (!context.res.headers.has("content-security-policy")) {
      set("content-security-policy", pagePolicy);
    }
  });
  app.use(guard(key));
  for (const path of ["/", "/glossary", "/search"]) {
    app.get(path, (context) => context.html(shell));
  }
  app.get("/chapters/:name", (context) => {
    const known = workbench.course.names.includes(context.req.param("name"));
    return known ? context.html(shell) : context.notFound();
  });
  app.get("/assets/:path{.+}", async (context) => {
    const asset = await assets.find(context.req.param("path"));
    if (!asset) return context.notFound();
    const { type, body, gzip } = asset;
    return context.body(body, 200, {
      "content-type": type,
      ...(gzip && { "content-encoding": "gzip" }),
    });
  });
  app.get("/decks/:name/:which{own|course}", (context) => deck(context, workbench));
  app.get("/api/course", async (context) => {
    await workbench.course.refresh();
    return context.json(workbench.course.view);
  });
  app.get("/api/progress/:name", async (context) => {
    const progress = await workbench.progress(context.req.param("name"));
    return progress ? context.json(progress) : context.notFound();
  });
  app.get(
    "/api/search",
    async (context) => context.json(await workbench.find(context.req.query("q") ?? "")),
  );
  app.get("/api/glossary", async (context) => context.json(await workbench.glossary()));
  app.get("/api/chapters/:name/live", async (context, next) => {
    const name = context.req.param("name");
    if (!workbench.course.names.includes(name)) return context.notFound();
    return await live(workbench, name)(context, next) ?? context.notFound();
  });
  app.notFound((context) => context.html(notFound, 404));
  return app;
}

async function deck(context: Context, workbench: Workbench): Promise<Response> {
  const name = context.req.param("name") ?? "";
  const which = context.req.param("which") === "course" ? "course" : "own";
  if (!workbench.course.names.includes(name)) return context.notFound();
  const nonce = newSecret();
  context.header("content-security-policy", deckPolicy(nonce));
  try {
    return context.html(await workbench.deck(name, which, nonce));
  } catch (error) {
    return context.text(`${(error as Error).message}\n`, 500);
  }
}

/** The WebSocket of an open chapter. */
function live(workbench: Workbench, name: string) {
  return upgradeWebSocket(() => {
    let page: Promise<ChapterPage>;
    return {
      onOpen(_, socket) {
        const send = (message: ServerMessage) => {
          if (socket.readyState === 1) socket.send(JSON.stringify(message));
        };
        page = workbench.join(name, send);
        page.catch((error) => socket.close(1011, String(error).slice(0, 100)));
      },
      async onMessage({ data }, socket) {
        try {
          await (await page).receive(readClientMessage(data));
        } catch (error) {
          // What is no message ends the connection; what cannot be done is said.
          if (error instanceof SyntaxError) return socket.close(1008, error.message.slice(0, 100));
          const text = error instanceof Error ? error.message : String(error);
          const notice: ServerMessage = { type: "notice", text };
          if (socket.readyState === 1) socket.send(JSON.stringify(notice));
        }
      },
      onClose: () => void page?.then(({ leave }) => leave(), () => {}),
    };
  });
}
