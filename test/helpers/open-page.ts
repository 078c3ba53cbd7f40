import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, onTestFinished } from "vitest";
import { BROWSER } from "./open-in-browser.ts";

/** A page that is open in a browser, as it is for a person who has double-clicked it. */
export interface OpenedPage {
  readonly page: Page;
  /** What it asked the network for, and did not get. */
  readonly requests: readonly string[];
  /** What the console said, errors of scripts included. */
  readonly messages: readonly string[];
}

let browser: Promise<Browser> | undefined;

// One browser serves all tests of a file, each in a profile of its own.
afterAll(async () => (await browser)?.close());

/** Opens a file of this disk as a page, which has no network; it is closed when the test ends. */
export async function openPage(path: string): Promise<OpenedPage> {
  // In a container the browser has no sandbox of its own.
  browser ??= chromium.launch({
    executablePath: BROWSER ?? "",
    chromiumSandbox: false,
    // A test can have garbage collected at the worst time.
    args: ["--js-flags=--expose-gc"],
    // As on any desktop: elsewhere Chromium cannot open a file whose name is not ASCII.
    env: { ...process.env, LC_ALL: "C.UTF-8" },
  });
  const context = await (await browser).newContext({ acceptDownloads: true });
  onTestFinished(() => context.close());
  const requests = await denyNetwork(context);
  const page = await context.newPage();
  const messages = watchConsole(page);
  await page.goto(pathToFileURL(path).href);
  return { page, requests, messages };
}

/** Files of this disk and what a page holds itself are all that is let through. */
async function denyNetwork(context: BrowserContext): Promise<readonly string[]> {
  const requests: string[] = [];
  await context.route(/^(?!file:|blob:|data:)/, (route) => {
    requests.push(route.request().url());
    return route.abort();
  });
  await context.routeWebSocket(/./, (socket) => {
    requests.push(socket.url());
    return socket.close();
  });
  return requests;
}

function watchConsole(page: Page): readonly string[] {
  const messages: string[] = [];
  page.on("console", (message) => messages.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => messages.push(`error: ${error.message}`));
  return messages;
}
