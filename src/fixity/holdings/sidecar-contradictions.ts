import type { Archive } from "../../archive/archive.ts";
import { toSiblingKey } from "../../archive/sidecar.ts";
import type { ArchivedFile } from "../../core/archived-file.ts";
import type { Finding } from "../../core/finding.ts";
import { tryParseJson } from "../../core/try-parse-json.ts";
import type { Look } from "../look/look.ts";

/** What a sidecar states of one file, as far as it is held against the catalogue. */
interface Stated {
  readonly file: string;
  readonly sha256: string;
  readonly stored?: { readonly sha256: string };
}

/**
 * Holds what the sidecar of a recording states against what the catalogue does, so that neither can be changed alone. Only of
 * a sidecar whose bytes are the recorded ones: we wrote it, and it is read as what it was written as. Pure.
 *
 * @param files - What the catalogue knows, in the order of `looks`.
 */
export function findContradictions(
  archive: Pick<Archive, "toPath">,
  files: readonly ArchivedFile[],
  looks: readonly Look[],
): readonly Finding[] {
  const index = files.findIndex(({ role }) => role === "sidecar");
  const [sidecar, look] = [files[index], looks[index]];
  if (sidecar === undefined || look?.kind !== "regular" || look.digests[0] !== sidecar.sha256) return [];
  const stated = new Map(toStated(look.text).map((audio) => [toSiblingKey(sidecar.key, audio.file), audio]));
  const findings: Finding[] = [];
  for (const { key, role, sha256, plain } of files) {
    if (role === "sidecar") continue;
    const audio = stated.get(key);
    const found = audio?.stored?.sha256 ?? audio?.sha256;
    stated.delete(key);
    if (found === sha256 && (plain === undefined || plain.sha256 === audio?.sha256)) continue;
    const message = "the catalogue and the sidecar name different digests for this file";
    const detail = { algorithm: "sha256", expected: sha256, found } as const;
    findings.push({ kind: "digest-mismatch", subject: archive.toPath(key), message, detail });
  }
  for (const key of stated.keys()) {
    const message = "the sidecar speaks of this file and the catalogue does not, so that it was not verified";
    findings.push({ kind: "checksum-unverifiable", subject: archive.toPath(key), message, detail: {} });
  }
  return findings;
}

function toStated(text: string | undefined): readonly Stated[] {
  const sidecar = tryParseJson(text ?? "") as { readonly original: Stated; readonly derivatives: readonly Stated[] };
  return [sidecar.original, ...sidecar.derivatives];
}
