import type { CheckRequest } from "./check-messages.ts";
import { type FileOutcome, VERDICTS, type Verdict } from "./check-outcome.ts";
import type { FolderNames } from "./folder-names.ts";
import { MANIFEST_NAME, TAG_MANIFEST_NAME } from "./load-manifest.ts";
import type { ListedFile } from "./manifest-lines.ts";
import type { Manifests } from "./manifest-problems.ts";

/** What was seen of a package. */
export interface Sight {
  readonly request: CheckRequest;
  readonly names: FolderNames;
  readonly manifests: Manifests;
  /** By the path that the file has; undefined of one that could not be read. */
  readonly digests: ReadonlyMap<string, string | undefined>;
}

/** Holds what was seen against what is listed, in both directions: a verdict for every file that is there or should be. */
export function judgeFiles(sight: Sight): readonly FileOutcome[] {
  const { request, manifests } = sight;
  const outcomes = new Map<string, FileOutcome>();
  const note = (outcome: FileOutcome) => outcomes.set(outcome.path, toWorse(outcomes.get(outcome.path), outcome));
  note(judgeManifest(sight));
  for (const { entries } of [manifests.payload, manifests.tags]) {
    for (const entry of entries) note(judgeListed(entry, sight));
  }
  for (const path of [TAG_MANIFEST_NAME, "tagmanifest-sha512.txt", ...request.seals]) {
    if (!outcomes.has(path)) note(judgeApart(path, sight));
  }
  for (const { path } of request.files) if (!outcomes.has(path)) note(judgeUnlisted(path, manifests));
  return [...outcomes.values()];
}

function toWorse(one: FileOutcome | undefined, other: FileOutcome): FileOutcome {
  if (one === undefined) return other;
  return VERDICTS.indexOf(one.verdict) <= VERDICTS.indexOf(other.verdict) ? one : other;
}

function judgeListed({ path, sha256 }: ListedFile, { names, digests }: Sight): FileOutcome {
  const file = names.find(path);
  if (file === undefined) return { path, verdict: "missing", note: toMissingNote(path) };
  return { path: file.path, verdict: compare(digests.get(file.path), sha256), note: undefined };
}

function compare(found: string | undefined, listed: string): Verdict {
  if (found === undefined) return "unreadable";
  return found === listed ? "same" : "changed";
}

/** A list can name what it likes; only what was picked is ever looked for. */
function toMissingNote(path: string): string | undefined {
  const leadsOut = /^(?:[/\\~]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)/.test(path);
  return leadsOut ? "the list names a place outside the package, which was not looked at" : undefined;
}

/** Whoever changes a file and both lists still has a page that was made with the old list. */
function judgeManifest({ request, manifests }: Sight): FileOutcome {
  const { state, sha256 } = manifests.payload;
  if (state !== "loaded") return { path: MANIFEST_NAME, verdict: state, note: undefined };
  if (sha256 === request.manifestSha256) return { path: MANIFEST_NAME, verdict: "same", note: undefined };
  return { path: MANIFEST_NAME, verdict: "changed", note: "it is not the list that this page was made with" };
}

function judgeApart(path: string, { names, manifests }: Sight): FileOutcome {
  if (path === TAG_MANIFEST_NAME && manifests.tags.state === "unreadable") {
    return { path, verdict: "unreadable", note: undefined };
  }
  if (names.find(path) !== undefined) return { path, verdict: "apart", note: undefined };
  return { path, verdict: "missing", note: "no manifest can list it, but the package was made with it" };
}

const MADE_BY_SYSTEMS = /(?:^|\/)(?:\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini)$/i;

function judgeUnlisted(path: string, { payload, tags }: Manifests): FileOutcome {
  const { state } = path.startsWith("data/") ? payload : tags;
  if (state !== "loaded") return { path, verdict: "unchecked", note: undefined };
  const isUsual = MADE_BY_SYSTEMS.test(path);
  const note = isUsual ? "files of this name are often made by the computer when somebody opens a folder" : undefined;
  return { path, verdict: "added", note };
}
