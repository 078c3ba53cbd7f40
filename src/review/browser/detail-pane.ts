import type { LinkedFile, ListedRecording, RecordingDetail } from "../page-data.ts";
import { toTimeline } from "./custody-timeline.ts";
import { toDigestList } from "./digest-list.ts";
import { element } from "./element.ts";
import { toByteWords } from "./measure-words.ts";
import { toNoticeParts } from "./notice-facts.ts";
import { toPlayer } from "./player.ts";
import { toEvidenceParts, toRecordingFacts } from "./recording-facts.ts";
import { toAddress } from "./to-address.ts";
import { toVisibleNodes } from "./visible-text.ts";

/** What the pane shows of one recording. */
interface ShownRecording {
  readonly recording: ListedRecording;
  readonly detail: RecordingDetail;
  /** The control numbers of the other recordings of the same call. */
  readonly otherLegs: readonly string[];
}

/** Fills the pane with all that the package tells of a recording. */
export function showDetail(pane: HTMLElement, { recording, detail, otherLegs }: ShownRecording): void {
  const title = element("h3", { id: "detail-title" }, ...toVisibleNodes(recording.controlNumber));
  const audio = recording.format === null ? [] : [toPlayer(recording, detail)];
  pane.replaceChildren(
    title,
    ...audio,
    toPart("What it is", toRecordingFacts(recording, detail), ...toLegs(otherLegs)),
    toPart("Evidence", ...toEvidenceParts(recording, detail)),
    toPart("Custody", ...toTimeline(detail.custody)),
    ...(detail.notice === null ? [] : [toPart("Why it was recorded", ...toNoticeParts(detail.notice))]),
    toPart("Files", toFileList(recording, detail)),
    toPart("Digests of the original", toDigests(recording, detail)),
  );
}

function toPart(heading: string, ...parts: readonly Node[]): HTMLElement {
  return element("section", {}, element("h4", {}, heading), ...parts);
}

function toLegs(otherLegs: readonly string[]): readonly Node[] {
  if (otherLegs.length === 0) return [];
  const links = otherLegs.flatMap((leg) => [" ", element("a", { href: toLink(leg) }, ...toVisibleNodes(leg))]);
  return [element("p", {}, "Other recordings of the same call:", ...links)];
}

/** Gives the address, within the page, of a recording. */
export function toLink(controlNumber: string): string {
  return `#${encodeURIComponent(controlNumber)}`;
}

function toFileList(
  { format }: ListedRecording,
  { originalPath, originalSizeBytes, listeningCopy, record }: RecordingDetail,
): HTMLElement {
  // What is no recording may be a page of somebody's, which a link would run.
  const toItem = format === null ? toNamedItem : toFileItem;
  const original = toItem("The original", { path: originalPath, sizeBytes: originalSizeBytes });
  const copy = listeningCopy === null ? [] : [toCopyItem(listeningCopy)];
  const known = record === null ? [] : [toFileItem("The archive's record of it", record)];
  return element("ul", { className: "plain" }, original, ...copy, ...known);
}

function toCopyItem(copy: NonNullable<RecordingDetail["listeningCopy"]>): HTMLElement {
  const made = element(
    "span",
    { className: "aside" },
    ...toVisibleNodes(` Made as ${copy.profile} by ${copy.madeBy}.`),
  );
  const item = toFileItem("A copy for listening", copy);
  item.append(made);
  return item;
}

function toNamedItem(label: string, { path, sizeBytes }: Pick<LinkedFile, "path" | "sizeBytes">): HTMLElement {
  return element("li", {}, `${label}: `, ...toVisibleNodes(path), `, ${toByteWords(sizeBytes)}.`);
}

function toFileItem(label: string, { path, sizeBytes }: Pick<LinkedFile, "path" | "sizeBytes">): HTMLElement {
  const link = element("a", { href: toAddress(path) }, ...toVisibleNodes(path));
  return element("li", {}, `${label}: `, link, `, ${toByteWords(sizeBytes)}.`);
}

function toDigests({ sha256 }: ListedRecording, { originalSha512, packetSha256 }: RecordingDetail): HTMLElement {
  return toDigestList([
    ["SHA-256", sha256],
    ["SHA-512", originalSha512],
    ["SHA-256 of the audio packets alone", packetSha256],
  ]);
}
