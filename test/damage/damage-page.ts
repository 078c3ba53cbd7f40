import { readFileSync } from "node:fs";
import type { Sample } from "./make-damage.ts";
import type { TallyRow } from "./tally.ts";

/** What the page tells. */
interface DamageReport {
  readonly rows: readonly TallyRow[];
  readonly samples: readonly Sample[];
  /** How many of the whole samples were taken for damaged. */
  readonly wholeAlarms: number;
  readonly versions: string;
  readonly seeds: number;
}

const HEAD = [
  ...["format", "what was done", "files", "found alone", "found against the record"],
  ...["named", "false names", "error of `lostSeconds`"],
];

const TEXT = new URL("damage-text.md", import.meta.url);

/** Writes docs/damage-table.md: the text around it, which is kept by hand, with figures and table put in. */
export function toDamagePage({ rows, samples, wholeAlarms, versions, seeds }: DamageReport): string {
  const files = rows.reduce((sum, row) => sum + row.files, 0);
  const figures: Readonly<Record<string, string>> = {
    TABLE: toMarkdown([HEAD, ...rows.map(toCells)]),
    SAMPLES: samples.map(toSampleLine).join("\n"),
    ...{ VERSIONS: versions, SEEDS: `${seeds}`, FILES: `${files}` },
    ...{ WHOLE: `${samples.length}`, ALARMS: wholeAlarms === 0 ? "none" : `${wholeAlarms}` },
  };
  return readFileSync(TEXT, "utf8").replace(/\{\{(\w+)\}\}/g, (_, name: string) => figures[name] ?? "?");
}

function toCells(row: TallyRow): readonly string[] {
  const { group, kind, files, foundAlone, foundAgainst, falseNames, maxLostErrorSeconds } = row;
  const names = [...row.names].toSorted(([, one], [, other]) => other - one);
  return [
    ...[group, kind, `${files}`, `${foundAlone}`, `${foundAgainst}`],
    names.map(([name, count]) => `${name} ${count}`).join(", "),
    `${falseNames}`,
    maxLostErrorSeconds === undefined ? "" : `${maxLostErrorSeconds.toFixed(3)} s`,
  ];
}

function toSampleLine({ name, bytes, map }: Sample): string {
  return `- \`${name}\`: ${bytes.length} bytes, ${map.durationSeconds.toFixed(3)} s`;
}

/** Sets rows out as a table, the first as its head. */
export function toMarkdown(rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows.map((cells) => `| ${cells.join(" | ")} |`);
  return [head, `|${"---|".repeat(rows[0]?.length ?? 0)}`, ...body].join("\n");
}
