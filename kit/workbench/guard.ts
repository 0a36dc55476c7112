import { createHash, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";

/** Names by which a browser on this machine reaches this machine. */
const ownNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Does this request name the local machine? A foreign site that points its own name at 127.0.0.1 does not. */
function isLocal(host: string | undefined, url: string): boolean {
  const named = host === undefined ? new URL(url) : URL.parse(`http://${host}/`);
  return named !== null && ownNames.has(named.hostname);
}

/** Compares secrets in a time that tells nothing about them. */
export function sameSecret(one: string, other: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** A secret that nobody guesses. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({ alphabet: "base64url" });
}

/** Browsers share cookies between the ports of a machine, so that each workbench has a cookie of its own. */
function cookieName(context: Context): string {
  return `fewer-bytes-${new URL(context.req.url).port || "80"}`;
}

const notThisRun = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Not this run · Fewer Bytes</title>
<body style="font: 1.1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem">
<main>
<h1>Open the address that the terminal shows</h1>
<p>Each run of the workbench has an address with a key of its own, so that no other page can use it.</p>
<p>It stands where <code>deno task start</code> runs. If that has ended, start it again.</p>
</main>
`;

/**
 * Lets through what the learner's own browser asks for, and refuses everything else:
 *
 * - a Host that is not this machine (a foreign name that was pointed at 127.0.0.1),
 * - a method that changes something: all changes go over the WebSocket,
 * - a request that a page of another site makes (`Sec-Fetch-Site`), but for opening a page by a link,
 * - a WebSocket whose `Origin` is not this very server,
 * - a request without this run's key. The printed address carries it once; a cookie carries it from then on, which
 *   scripts cannot read and other sites cannot send.
 */
export function guard(key: string): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    const host = req.header("host");
    const refuse = (reason: string) => context.text(`Cannot answer as ${reason}\n`, 403);
    if (!isLocal(host, req.url)) return refuse("the Host must be localhost or 127.0.0.1");
    if (!["GET", "HEAD"].includes(req.method)) {
      const allow = "GET, HEAD";
      return context.text("Cannot answer as the method must be GET or HEAD\n", 405, { allow });
    }
    const opensPage = req.header("sec-fetch-mode") === "navigate" &&
      req.header("sec-fetch-dest") === "document";
    const site = req.header("sec-fetch-site") ?? "none";
    if (!["none", "same-origin"].includes(site) && !opensPage) {
      return refuse("a page of another site must not ask");
    }
    const origin = req.header("origin");
    const isSocket = req.header("upgrade")?.toLowerCase() === "websocket";
    if ((isSocket || origin !== undefined) && origin !== new URL(req.url).origin) {
      return refuse("the Origin must be this workbench");
    }
    const url = new URL(req.url);
    const given = url.searchParams.get("key");
    if (given !== null && sameSecret(given, key) && !isSocket) {
      setCookie(context, cookieName(context), key, {
        httpOnly: true,
        sameSite: "Lax",
        path: "/",
      });
      url.searchParams.delete("key");
      return context.redirect(url.pathname + url.search);
    }
    if (!sameSecret(getCookie(context, cookieName(context)) ?? "", key)) {
      return opensPage ? context.html(notThisRun, 403) : refuse("the key must be that of this run");
    }
    return await next();
  };
}
