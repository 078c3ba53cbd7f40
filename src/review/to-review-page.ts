import { createHash } from "node:crypto";
import type { PackagedRecording } from "../core/packaged-recording.ts";
import type { ReviewAssets } from "./load-review-assets.ts";
import { PAGE_DATA, type PackageFacts, PIECE_LENGTH, type RemovedRecording } from "./page-data.ts";
import { PAGE_SKELETON } from "./page-skeleton.ts";
import { toScriptJson } from "./script-text.ts";
import { toColumns, toDetail, toListed } from "./to-page-rows.ts";

/** What the page is made of beside the recordings. */
export interface ReviewContext {
  readonly facts: PackageFacts;
  /** Those whose record alone is in the package. */
  readonly removed: Iterable<RemovedRecording>;
  readonly assets: ReviewAssets;
}

/**
 * Makes the page by which a person without any program of ours looks at a package, hears the recordings and checks the
 * files: one file that asks the network for nothing. It belongs in the folder `review` of the package.
 *
 * Nothing from outside becomes HTML: what recordings and package are called stands in it as JSON alone, and the page's
 * policy lets only its own scripts and styles run. It is made piece by piece; of the recordings, so many as a piece holds
 * are in memory. The same input gives the same page.
 *
 * @see Content Security Policy Level 3, section 6.7
 */
export function* toReviewPage(
  recordings: Iterable<PackagedRecording>,
  { facts, removed, assets }: ReviewContext,
): Generator<string> {
  yield toHead(assets);
  yield PAGE_SKELETON;
  yield toDataElement(`id="${PAGE_DATA.facts}"`, facts);
  for (const piece of toPieces(removed)) yield toDataElement(`class="${PAGE_DATA.removed}"`, toColumns(piece));
  for (const piece of toPieces(recordings)) {
    yield toDataElement(`class="${PAGE_DATA.listed}"`, toColumns(piece.map(toListed)));
    yield toDataElement(`class="${PAGE_DATA.details}"`, toColumns(piece.map(toDetail)));
  }
  yield `<script type="text/plain" id="${PAGE_DATA.checker}">${assets.checkerScript}</script>\n`;
  yield `<script>${assets.pageScript}</script>\n</body>\n</html>\n`;
}

/**
 * A media element may read files, for a page that was opened from a disk is of no origin that `'self'` could name; `'self'`
 * is for a package that lies on a server. The streaming hash is WebAssembly, in a worker made of the page's own text.
 */
function toHead({ pageScript, style }: ReviewAssets): string {
  const policy = [
    "default-src 'none'",
    `script-src '${toSourceHash(pageScript)}' 'wasm-unsafe-eval'`,
    `style-src '${toSourceHash(style)}'`,
    "media-src 'self' file:",
    "worker-src blob:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Call recordings</title>
<style>${style}</style>
</head>
`;
}

function toSourceHash(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function* toPieces<T>(items: Iterable<T>): Generator<readonly T[]> {
  let piece: T[] = [];
  for (const item of items) {
    piece.push(item);
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

function toDataElement(name: string, value: unknown): string {
  return `<script type="application/json" ${name}>${toScriptJson(value)}</script>\n`;
}
