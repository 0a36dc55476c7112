/** Finds and starts the browser for the tests that look at real pages, opened from files as a reader opens them. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const permissions = ["run", "read", "write", "env", "net", "sys"] as const;
const granted = permissions.every((name) =>
  Deno.permissions.querySync({ name }).state === "granted"
);
const required = granted && Deno.env.get("REQUIRE_BROWSER") === "1";
const executablePath = granted ? Deno.env.get("CHROMIUM") ?? "/usr/bin/chromium" : "";

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function reasonToSkip(): string | undefined {
  if (!granted) return "skipped: it needs all permissions, as `deno test -A` grants them";
  if (required || exists(executablePath)) return undefined;
  return `skipped: no Chromium at ${executablePath}; set CHROMIUM to its path`;
}

const skipped = reasonToSkip();

const launchArguments = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function launchBrowser(): Promise<Browser> {
  // Playwright reads the environment as it loads, which plain `deno test` does not allow.
  const { chromium } = await import("playwright-core");
  return await chromium.launch({ executablePath, args: launchArguments, headless: true });
}

/** A page opened from a file, with everything it asked the network for and everything that went wrong in it. */
export interface OpenedPage {
  page: Page;
  requests: string[];
  errors: string[];
}

/** What a browser test works with: files made for it, and windows on them. */
export interface BrowserTest {
  /** Writes files into an empty folder, as text by path, and gives the folder. */
  write(files: Readonly<Record<string, string>>): Promise<string>;
  /** Opens one of the folder's files in a window of its own. */
  open(path: string, options?: BrowserContextOptions): Promise<OpenedPage>;
  /** Opens an address in a window of its own. */
  visit(url: string, options?: BrowserContextOptions): Promise<OpenedPage>;
}

/** Everything that leaves the machine, or would, or reads another file than the one that was opened. */
function listen(page: Page, url: string): { requests: string[]; errors: string[] } {
  const requests: string[] = [];
  const errors: string[] = [];
  const own = url.split(/[?#]/)[0] ?? url;
  page.on("request", (request) => {
    if (!request.url().startsWith("data:") && request.url().split(/[?#]/)[0] !== own) {
      requests.push(request.url());
    }
  });
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  return { requests, errors };
}

/**
 * A test with a browser. Where there is none it is ignored, and its name says why; with `REQUIRE_BROWSER=1` it fails
 * instead, so that a build cannot pass without looking.
 */
export function browserTest(title: string, body: (test: BrowserTest) => Promise<void>): void {
  Deno.test({
    name: skipped ? `${title} (${skipped})` : title,
    ignore: skipped !== undefined,
    // The browser's process and pipes belong to Playwright, which closes them in its own time.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const folder = await Deno.makeTempDir();
      const browser = await launchBrowser();
      const visit = async (url: string, options: BrowserContextOptions = {}) => {
        const context = await browser.newContext(options);
        const page = await context.newPage();
        const log = listen(page, url);
        await page.goto(url);
        return { page, ...log };
      };
      try {
        await body({
          visit,
          async write(files) {
            for (const [path, content] of Object.entries(files)) {
              const file = `${folder}/${path}`;
              await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
              await Deno.writeTextFile(file, content);
            }
            return folder;
          },
          open: (path, options) => visit(`file://${folder}/${path}`, options),
        });
      } finally {
        await browser.close();
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}
