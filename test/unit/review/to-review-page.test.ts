import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { PackagedRecording } from "../../../src/core/packaged-recording.ts";
import { toRows } from "../../../src/review/browser/to-rows.ts";
import { PIECE_LENGTH } from "../../../src/review/page-data.ts";
import { toDetail, toListed } from "../../../src/review/to-page-rows.ts";
import { type ReviewContext, toReviewPage } from "../../../src/review/to-review-page.ts";
import { NASTY_TEXTS, sampleDescriptor, sampleRecordings } from "../../helpers/sample-package.ts";

const ASSETS = { pageScript: "void 0;", checkerScript: "void 1;", style: "p { margin: 0 }" };
const CONTEXT: ReviewContext = {
  facts: { ...sampleDescriptor(30), manifestSha256: "0".repeat(64) },
  removed: [],
  assets: ASSETS,
};

/** What stands in the page's elements for scripts, and all else; an element ends where a browser ends it. */
function takeApart(page: string): { scripts: readonly (readonly [name: string, text: string])[]; rest: string } {
  const SCRIPT = /<script([^>]*)>([\s\S]*?)<\/script[\s/>]/gi;
  const scripts = [...page.matchAll(SCRIPT)].map(([, name = "", text = ""]) => [name, text] as const);
  return { scripts, rest: page.replaceAll(SCRIPT, "") };
}

function makePage(recordings: Iterable<PackagedRecording>, context = CONTEXT): string {
  return [...toReviewPage(recordings, context)].join("");
}

function readData(page: string, name: string): readonly unknown[] {
  const { scripts } = takeApart(page);
  return scripts.filter(([of]) => of.includes(name)).flatMap(([, text]) => toRows(JSON.parse(text)));
}

test("no text from outside is anything but JSON, whatever it says", () => {
  const nasty = [...sampleRecordings(30)];
  const facts = NASTY_TEXTS.map((text) => ({ ...CONTEXT.facts, case: text, organisation: text, madeBy: text }));
  const removed = NASTY_TEXTS.map((text) => ({ recordingId: text, removedAt: text, reason: text }));
  const { rest: plain } = takeApart(makePage([]));
  for (const fact of facts) {
    const page = makePage(nasty, { ...CONTEXT, facts: fact, removed });
    const { scripts, rest } = takeApart(page);
    expect(rest.trim().replaceAll(/\n+/g, "\n")).toBe(plain.trim().replaceAll(/\n+/g, "\n"));
    expect(scripts).toHaveLength(6);
    expect(scripts.filter(([, text]) => /[<\u2028\u2029]/.test(text))).toEqual([]);
    expect(JSON.parse(scripts[0]?.[1] ?? "")).toMatchObject({ case: fact.case, madeBy: fact.madeBy });
  }
});

test("the page carries all that it was given, in pieces", () => {
  const recordings = [...sampleRecordings(PIECE_LENGTH + 1)];
  const removed = [{ recordingId: "gone", removedAt: "2026-01-01T00:00:00.000Z", reason: "old" }];
  const page = makePage(recordings, { ...CONTEXT, removed });
  expect(readData(page, "listed-recordings")).toEqual(recordings.map(toListed));
  expect(readData(page, "recording-details")).toEqual(recordings.map(toDetail));
  expect(readData(page, "removed-recordings")).toEqual(removed);
  expect(takeApart(page).scripts.filter(([name]) => name.includes("listed"))).toHaveLength(2);
});

test("its policy names its own script and style, and nothing else that could run or be fetched", () => {
  const page = makePage([]);
  const [, policy = ""] = /Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const [, style = ""] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
  const script = takeApart(page).scripts.at(-1)?.[1] ?? "";
  expect([script, style]).toEqual([ASSETS.pageScript, ASSETS.style]);
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src ${hash(script)} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    "media-src 'self' file:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
});

test("the same input gives the same page", () => {
  expect(makePage(sampleRecordings(20))).toBe(makePage(sampleRecordings(20)));
});

test("no more recordings are taken than a piece holds before the piece is given", () => {
  let taken = 0;
  function* count(): Generator<PackagedRecording> {
    for (const recording of sampleRecordings(3 * PIECE_LENGTH)) {
      taken += 1;
      yield recording;
    }
  }
  const ahead: number[] = [];
  let given = 0;
  for (const piece of toReviewPage(count(), CONTEXT)) {
    if (piece.includes('class="recording-details"')) given += PIECE_LENGTH;
    ahead.push(taken - given);
  }
  expect(given).toBe(3 * PIECE_LENGTH);
  expect(Math.max(...ahead)).toBe(PIECE_LENGTH);
});
