// Makes the damage set, judges all of it and writes docs/damage-table.md: npm run damage
// With folders behind it, judges the files in them instead, which should be whole: npm run damage -- FOLDER...
import { writeFileSync } from "node:fs";
import { toDamagePage } from "./damage-page.ts";
import { makeDamageSet } from "./damage-set.ts";
import { ffmpegVersion } from "./ffmpeg.ts";
import { identifyBytes, isSuspect, judge } from "./judge-damage.ts";
import { makeSamples, readFixtures } from "./samples.ts";
import { Tally } from "./tally.ts";
import { judgeFolder } from "./whole-files.ts";

const FULL = { seeds: 40, cutEveryPercent: 1, copies: 2 };
const SAMPLE_SECONDS = 45;
const PAGE = new URL("../../docs/damage-table.md", import.meta.url);

const folders = process.argv.slice(2);
if (folders.length > 0) process.stdout.write(`${folders.flatMap(judgeFolder).join("\n")}\n`);
else writeFileSync(PAGE, makePage());

function makePage(): string {
  const samples = [...readFixtures(), ...makeSamples(SAMPLE_SECONDS)];
  const tally = new Tally();
  for (const sample of samples) {
    for (const damaged of makeDamageSet(sample, FULL)) tally.add(judge(damaged));
    process.stderr.write(`${sample.name}\n`);
  }
  const wholeAlarms = samples.filter(({ bytes }) => isSuspect(identifyBytes(bytes))).length;
  const versions = `${ffmpegVersion()}, Node ${process.version}`;
  return toDamagePage({ rows: tally.rows(), samples, wholeAlarms, versions, seeds: FULL.seeds });
}
