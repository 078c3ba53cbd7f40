import { extname } from "node:path";
import { toDefectFindings } from "../../archive/defect-findings.ts";
import type { Identity } from "../../audio/identify.ts";
import { type ContentKind, isAudioKind, type Sniffed } from "../../audio/sniff.ts";
import type { Finding } from "../../core/finding.ts";

/** What a file is by itself, with nothing recorded to hold it against. */
export interface Verdict {
  readonly findings: readonly Finding[];
  /** What was not or could not be looked at, a sentence each. */
  readonly remarks: readonly string[];
}

/** What a file's name says of its content. */
const KINDS_BY_EXTENSION: Readonly<Record<string, readonly ContentKind[]>> = {
  ".wav": ["wav"],
  ".wave": ["wav"],
  ".mp3": ["mp3"],
  ".opus": ["opus"],
  ".ogg": ["opus", "ogg-other"],
  ".oga": ["opus", "ogg-other"],
  ".flac": ["flac"],
  ".amr": ["amr", "amr-wb"],
  ".awb": ["amr-wb"],
  ".gsm": ["gsm"],
  ".g722": ["g722"],
};

/**
 * Judges a file that nobody has recorded anything of, by its own bytes and its name. Pure.
 *
 * Without a record nothing tells a whole file from one that was replaced, nor, where no checksum guards them, bits that have
 * flipped.
 */
export function judgeAlone(path: string, { content, structure }: Identity): Verdict {
  if (structure === undefined && !isAudioKind(content.kind))
    return { findings: [toNotAudio(path, content.label)], remarks: [] };
  const findings = [...judgeName(path, content), ...toDefectFindings(path, structure?.defects ?? [])];
  return { findings, remarks: toRemarks({ content, structure }) };
}

/** Says that a file is no recording. */
export function toNotAudio(path: string, content: string): Finding {
  return { kind: "not-audio", subject: path, message: `not a recording but ${content}`, detail: { found: content } };
}

function judgeName(path: string, { kind, label }: Sniffed): readonly Finding[] {
  const extension = extname(path).toLowerCase();
  const kinds = KINDS_BY_EXTENSION[extension];
  if (kinds === undefined || kinds.includes(kind)) return [];
  const message = `its name ends in ${extension}, but it is ${label}`;
  return [{ kind: "wrong-format", subject: path, message, detail: { expected: extension.slice(1), found: label } }];
}

function toRemarks({ content, structure }: Pick<Identity, "content" | "structure">): readonly string[] {
  if (structure === undefined) return [`It is ${content.label}, of which only the first bytes are understood here.`];
  if (structure.complete !== undefined) return [];
  return ["It does not say how much audio there should be, so nobody can tell whether its end is there."];
}
