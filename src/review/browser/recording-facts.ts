import type { ListedRecording, RecordingDetail } from "../page-data.ts";
import { element } from "./element.ts";
import { toEvidenceWords, toSignatureWords } from "./evidence-words.ts";
import { toFactList } from "./fact-list.ts";
import { toByteWords, toDurationWords, toInstantWords } from "./measure-words.ts";
import { toVisibleNodes } from "./visible-text.ts";

/** Tells what a recording is: the call as the vendor told of it, and the audio as its own bytes tell. */
export function toRecordingFacts(recording: ListedRecording, detail: RecordingDetail): HTMLElement {
  const { startedAt, direction, from, to, callId, recordingId, durationSeconds, sourceName } = recording;
  return toFactList([
    ["Began", startedAt === null ? null : toInstantWords(startedAt)],
    ["Ended", detail.endedAt === null ? null : toInstantWords(detail.endedAt)],
    ["Direction", direction],
    ["Caller", from],
    ["Callee", to],
    ["Call id", callId],
    ["Recording id", recordingId],
    ["Name at its source", sourceName],
    ["Length", durationSeconds === null ? null : toDurationWords(durationSeconds)],
    ["Audio", toAudioWords(recording, detail)],
    ["Size", toByteWords(detail.originalSizeBytes)],
    ["Archived", detail.fetchedAt === null ? null : toInstantWords(detail.fetchedAt)],
    ["Structure", toStructure(recording, detail)],
  ]);
}

/** Tells what speaks for the bytes being the vendor's, and what does not. */
export function toEvidenceParts(
  { grade, isMessageUnchecked }: ListedRecording,
  detail: RecordingDetail,
): readonly HTMLElement[] {
  const { short, shows, leavesOpen } = toEvidenceWords({ grade, isMessageUnchecked });
  const signature = toSignatureWords(grade, detail.evidence);
  const promised = Object.entries(detail.evidence ?? {}).map(([name, value]) => [name, String(value)] as const);
  const told = toFactList([
    ["Grade", short],
    ["It shows", shows],
    ["How it was named", signature],
    ["It leaves open", leavesOpen],
  ]);
  if (promised.length === 0) return [told];
  const summary = element("summary", {}, "As the record has it");
  return [told, element("details", {}, summary, toFactList(promised))];
}

function toAudioWords({ format }: ListedRecording, { codec, sampleRateHz, channels }: RecordingDetail): string | null {
  if (format === null) return "None: this file is not a recording";
  const parts = channels === 1 ? "one channel" : `${channels} channels`;
  const coded = codec === format ? format : `${format} (${codec})`;
  return `${coded}, ${sampleRateHz} Hz, ${parts}`;
}

/** What its own structure tells says nothing of what was recorded. */
function toStructure({ format }: ListedRecording, { complete, defects }: RecordingDetail): Node | null {
  if (format === null || defects === null) return null;
  const whole = {
    true: "All that its headers declare is there.",
    false: "Not all that its headers declare is there.",
    null: "Its headers do not tell how long it should be.",
  }[`${complete}`];
  const found = defects.length === 0 ? ["No defect was found in it."] : defects;
  const items = [whole, ...found].map((sentence) => element("li", {}, ...toVisibleNodes(sentence)));
  return element("ul", { className: "plain" }, ...items);
}
