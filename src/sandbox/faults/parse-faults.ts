import { FaultSpecError } from "../errors.ts";
import { FAULT_PLACES, type FaultKind, type FaultPlace, isFaultKind, rulesOf } from "./fault-kinds.ts";

/** One fault to be drawn, with everything decided. */
export interface Fault {
  readonly kind: FaultKind;
  readonly places: readonly FaultPlace[];
  /** Of each request, or of each recording when it is `always`. */
  readonly probability: number;
  /** The number behind `=`; undefined when the kind decides it. */
  readonly amount: number | undefined;
  /** Whether `amount` is told as an HTTP date so many seconds ahead. */
  readonly isDate: boolean;
  /** Drawn anew for each request; at most once for the same one; or for all that are about a recording. */
  readonly repeats: "anew" | "once" | "always";
}

const PART =
  /^(?<kind>[a-z0-9-]+)(?:=(?<date>date)?(?<amount>\d{1,9}))?(?:@(?<probability>\d*\.?\d+))?(?<words>(?:\/[a-z]+)*)$/;
const MIX_PROBABILITY = 0.01;
const ON_DOWNLOADS = "/download/media";

/**
 * What `mix` is made of. What ends a run strikes downloads alone, and what the vendor says falsely of a recording
 * (`wrong-size`, `wrong-digest`) is not in it: no patience would help.
 */
const MIX: readonly string[] = [
  ...["reset", "stall", "drip", "cut", "short", "short-chunked", "flip"],
  ...["json", "html", "empty", "401", "403", "404", "410"].map((kind) => kind + ON_DOWNLOADS),
  ...["429", "429=1", "500", "500=1", "503", "503=date1"],
  ...["ignore-range", "range-start", "range-total", "empty-range"],
  ...["expired-403", "expired-410", "other-host", "redirect-loop", "redirect-file", "redirect-ftp"],
  ...["row-repeated", "row-dropped", "row-appears", "row-vanishes", "row-processing"],
  ...["webhook-twice", "webhook-late"],
];

/**
 * Reads a list of faults, `kind[=number][@probability][/word…]` with commas between. Words are places, `once` and
 * `always`; `mix[@probability]` stands for most kinds. Without a probability a kind strikes every time.
 *
 * @throws {FaultSpecError} a part cannot be read; the message names it.
 * @see docs/sandbox-faults.md
 */
export function parseFaults(spec: string): readonly Fault[] {
  return spec.split(",").flatMap((text) => {
    const part = text.trim();
    const mix = /^mix(?:@(?<probability>\d*\.?\d+))?$/.exec(part);
    if (mix === null) return [parseFault(part)];
    const probability = parseProbability(part, mix.groups?.["probability"]) ?? MIX_PROBABILITY;
    return MIX.map((kind) => ({ ...parseFault(kind), probability }));
  });
}

function parseFault(part: string): Fault {
  const groups = PART.exec(part)?.groups;
  if (groups === undefined) throw new FaultSpecError(part, "is not KIND[=NUMBER][@PROBABILITY][/WORD]");
  const { kind = "", words = "" } = groups;
  if (!isFaultKind(kind)) throw new FaultSpecError(part, "names no kind");
  const { probability, ...fault } = {
    kind,
    probability: parseProbability(part, groups["probability"]),
    ...parseAmount(part, kind, groups),
    ...parseWords(part, kind, words.split("/").slice(1)),
  };
  return { ...fault, probability: probability ?? 1 };
}

function parseProbability(part: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const probability = Number(text);
  if (probability > 1) throw new FaultSpecError(part, "has a probability above 1");
  return probability;
}

function parseAmount(part: string, kind: FaultKind, { date, amount }: Record<string, string | undefined>) {
  const { takes } = rulesOf(kind);
  if (amount === undefined) return { amount: undefined, isDate: false };
  if (takes === undefined) throw new FaultSpecError(part, "takes no number");
  if (date !== undefined && takes !== "seconds") throw new FaultSpecError(part, `takes ${takes} and no date`);
  return { amount: Number(amount), isDate: date !== undefined };
}

function parseWords(part: string, kind: FaultKind, words: readonly string[]): Pick<Fault, "places" | "repeats"> {
  const places = FAULT_PLACES.filter((place) => words.includes(place));
  const repeats = (["once", "always"] as const).filter((word) => words.includes(word));
  const other = words.find((word) => ![...places, ...repeats].some((known) => known === word));
  if (other !== undefined) throw new FaultSpecError(part, `has the unknown word ${other}`);
  if (repeats.length > 1) throw new FaultSpecError(part, "cannot be both once and always");
  const { stage, places: allowed } = rulesOf(kind);
  if (repeats[0] === "always" && stage !== "http" && stage !== "size")
    throw new FaultSpecError(part, "cannot be always");
  const misplaced = places.find((place) => !allowed.includes(place));
  if (misplaced !== undefined)
    throw new FaultSpecError(part, `cannot strike at ${misplaced}, only at ${allowed.join(", ")}`);
  return { places: places.length === 0 ? allowed : places, repeats: repeats[0] ?? "anew" };
}
