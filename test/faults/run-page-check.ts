import "../helpers/script-key.ts";
import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { checkPicked } from "../helpers/check-panel.ts";
import { BROWSER, NO_BROWSER } from "../helpers/open-in-browser.ts";
import { makeReviewPackage } from "../helpers/review-package.ts";
import { watchPeak } from "./peak-memory.ts";

/*
 * Has the review page check a package of 3 GB, of which one file is 2.5 GB, and measures what that takes:
 * `npm run page-check`. The files are holes, so that no disk is measured but the browser alone.
 */

const MB = 1e6;
const LARGE_BYTES = 2500 * MB;
const SMALL_BYTES = MB;
const SMALL_FILES = 500;
const MOST_BYTES = 300 * MB;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function toMb(bytes: number): string {
  return `${(bytes / MB).toFixed(0)} MB`;
}

function judge(what: string, isGood: boolean): void {
  print(`${isGood ? "good" : "BAD"}: ${what}`);
  if (!isGood) process.exitCode = 1;
}

async function makePackage(root: string): Promise<string> {
  const originals = join(root, "data/originals");
  await mkdir(originals, { recursive: true });
  const small = Array.from({ length: SMALL_FILES }, (_, index) => [`${index}.wav`, SMALL_BYTES] as const);
  for (const [name, sizeBytes] of [["large.wav", LARGE_BYTES] as const, ...small]) {
    await writeFile(join(originals, name), "");
    await truncate(join(originals, name), sizeBytes);
  }
  return makeReviewPackage(root);
}

/** The browser's processes of one type; a page and its workers have a renderer of their own. */
async function findProcesses(browser: Browser, type: string): Promise<readonly number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return processInfo.filter((process) => process.type === type).map(({ id }) => id);
}

async function measure(browser: Browser, path: string, root: string): Promise<void> {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(path).href);
  const renderers = await findProcesses(browser, "renderer");
  const [main] = await findProcesses(browser, "browser");
  const startedMs = performance.now();
  const checked = checkPicked(page, root);
  const peaks = Promise.all([main, ...renderers].map((pid) => watchPeak(pid, checked)));
  const verdict = await checked;
  const seconds = (performance.now() - startedMs) / 1000;
  const [ofBrowser = 0, ...ofRenderers] = await peaks;
  const most = Math.max(...ofRenderers);
  judge(verdict.words, verdict.isGood);
  const bytes = LARGE_BYTES + SMALL_FILES * SMALL_BYTES;
  print(
    `${toMb(bytes)} in ${seconds.toFixed(1)} s, ${toMb(bytes / seconds)} a second, the listing of the folder included`,
  );
  const what = "the largest renderer's resident memory (VmHWM: the program's own pages and shared memory included)";
  judge(`${toMb(most)} at most was ${what}`, most > 0 && most < MOST_BYTES);
  print(`the browser's main process, which reads files for all pages, had ${toMb(ofBrowser)} at most`);
}

if (BROWSER === undefined) {
  print(`skipped: ${NO_BROWSER}`);
} else {
  const folder = await mkdtemp(join(tmpdir(), "holdfast-page-check-"));
  const root = join(folder, "CASE");
  // In a container the browser has no sandbox of its own.
  const browser = await chromium.launch({ executablePath: BROWSER, chromiumSandbox: false });
  try {
    await measure(browser, await makePackage(root), root);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
}
