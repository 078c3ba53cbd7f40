import type { PackageFacts } from "../page-data.ts";
import { fillFacts } from "./fact-list.ts";
import { findElement } from "./find-element.ts";
import { toByteWords, toCountWords, toDurationWords } from "./measure-words.ts";
import { toVisibleLine, toVisibleNodes } from "./visible-text.ts";

/** Shows whose package it is, what is in it, and what speaks for it; nothing of that was checked by the page. */
export function showPageHead(facts: PackageFacts, removedCount: number): void {
  document.title = `${toVisibleLine(facts.case)}: call recordings`;
  findElement("case").replaceChildren(...toVisibleNodes(facts.case));
  fillFacts(findElement("package"), [
    ["From", facts.organisation],
    ["Made", `${facts.madeOn} (UTC), by ${facts.madeBy}`],
    ["Contents", toContentWords(facts)],
    ["Removed before", removedCount === 0 ? null : `${toCountWords(removedCount, "recording")}, named below`],
    ["Load file", facts.loadFile?.file],
    ["Signature", toSignatureWords(facts)],
    ["Time stamp", toTimeStampWords(facts)],
  ]);
  const { name, version } = facts.tool;
  const made = `This page was made by ${name} ${version} together with the package. It asks the network for nothing.`;
  findElement("foot").replaceChildren(made);
}

function toContentWords({ counts }: PackageFacts): string {
  const { recordings, originals, originalBytes, durationSeconds } = counts;
  const files = originals === recordings ? "" : ` in ${toCountWords(originals, "file")}`;
  return `${toCountWords(recordings, "recording")}${files}, ${toDurationWords(durationSeconds)} long together, ${toByteWords(originalBytes)}`;
}

function toSignatureWords({ signature }: PackageFacts): string {
  if (signature === null) return "None. Nothing in the package shows who made it.";
  const { identity, fingerprint, file } = signature;
  return `Said to be by ${identity}, with the key ${fingerprint}, in ${file}. This page does not check it, and the key lies in the package: compare the fingerprint with one that the sender told you another way. README.txt tells how to check the signature.`;
}

function toTimeStampWords({ timeStamp }: PackageFacts): string {
  if (timeStamp === null) return "None.";
  return `Said to be from ${timeStamp.authority}, in ${timeStamp.file}. This page does not check it; README.txt tells how.`;
}
