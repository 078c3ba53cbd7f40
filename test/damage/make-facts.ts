// Holds our facts of whole files against those of other programs and writes docs/facts-table.md: npm run facts
// With folders behind it, prints a line for each file in them instead: npm run facts -- FOLDER...
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Structure } from "../../src/audio/structure.ts";
import { type ComparedFact, compareFacts } from "./compare-facts.ts";
import { toMarkdown } from "./damage-page.ts";
import { encodeMatrix } from "./facts-matrix.ts";
import { ffmpegVersion, inFolder } from "./ffmpeg.ts";
import { identifyBytes } from "./judge-damage.ts";
import { askOthers, describeOthers } from "./other-readers.ts";
import { readFixtures } from "./samples.ts";

const PAGE = new URL("../../docs/facts-table.md", import.meta.url);
const TEXT = new URL("facts-text.md", import.meta.url);
const HEAD = ["file", "codec", "Hz", "channels", "frames", "samples", "seconds", "compared", "differs"];

/** A whole file with our facts and how they compare. */
interface Row {
  readonly name: string;
  readonly structure: Structure;
  readonly facts: readonly ComparedFact[];
}

const folders = process.argv.slice(2);
if (folders.length === 0) writeFileSync(PAGE, makePage());
else for (const folder of folders) printFolder(folder);

function makePage(): string {
  const fixtures = readFixtures().map(({ name, bytes, format }) => toRow(`\`${name}\``, bytes, `.${format}`));
  const rows = [
    ...fixtures,
    ...[...encodeMatrix()].map(({ name, bytes, ending }) => toRow(`\`${name}\``, bytes, ending)),
  ];
  const facts = rows.flatMap((row) => row.facts);
  const figures: Readonly<Record<string, string>> = {
    TABLE: toMarkdown([HEAD, ...rows.map(toCells)]),
    ...{ FILES: `${rows.length}`, FACTS: `${facts.length}`, AGREED: `${facts.filter(({ agrees }) => agrees).length}` },
    ...{ TOOLS: describeOthers().join(", "), ENCODER: ffmpegVersion() },
  };
  return readFileSync(TEXT, "utf8").replace(/\{\{(\w+)\}\}/g, (_, name: string) => figures[name] ?? "?");
}

function printFolder(folder: string): void {
  for (const name of readdirSync(folder)) {
    const { facts } = toRow(name, readFileSync(join(folder, name)), name.slice(name.lastIndexOf(".")));
    const differing = facts.filter(({ agrees }) => !agrees).map(({ words }) => words);
    process.stdout.write(`${name}: ${facts.length} compared; ${differing.join("; ") || "all agree"}\n`);
  }
}

function toRow(name: string, bytes: Buffer, ending: string): Row {
  const { structure } = identifyBytes(bytes);
  if (structure === undefined) throw new Error(`no recording: ${name}`);
  const facts = inFolder((folder) => {
    const path = join(folder, `whole${ending}`);
    writeFileSync(path, bytes);
    return compareFacts(structure, askOthers(path));
  });
  return { name, structure, facts };
}

function toCells({ name, structure, facts }: Row): readonly string[] {
  const { codec, sampleRateHz, channels, frames, samples, durationSeconds } = structure;
  const differing = facts.filter(({ agrees }) => !agrees).map(({ words }) => words);
  return [
    ...[name, codec, `${sampleRateHz}`, `${channels}`, `${frames}`, `${samples}`, durationSeconds.toFixed(4)],
    ...[facts.map(({ what }) => what).join(", "), differing.join("; ") || "nothing"],
  ];
}
