import { type LoadedManifest, MANIFEST_NAME, TAG_MANIFEST_NAME } from "./load-manifest.ts";

/** What the manifests say the files are, and what is known of the first of them. */
export interface Manifests {
  readonly payload: LoadedManifest;
  readonly tags: LoadedManifest;
}

/** Tells what is wrong with the manifests themselves, so that what they list cannot be all there is to say. */
export function findProblems({ payload, tags }: Manifests): readonly string[] {
  const isCovered = tags.entries.some(({ path }) => path === MANIFEST_NAME);
  return [
    ...findOwnProblems(payload, "so none of the recordings could be checked"),
    ...findOwnProblems(tags, "so the files outside the folder data could not be checked"),
    ...(tags.state === "loaded" && !isCovered ? [`${TAG_MANIFEST_NAME} does not list ${MANIFEST_NAME}.`] : []),
  ];
}

function findOwnProblems(manifest: LoadedManifest, consequence: string): readonly string[] {
  const { name, state, entries, badLines } = manifest;
  if (state === "missing") return [`${name} is missing, ${consequence}.`];
  if (state === "unreadable") return [`${name} could not be read, ${consequence}.`];
  const disputed = findDisputed(manifest);
  return [
    ...(entries.length === 0 ? [`${name} lists no files, ${consequence}.`] : []),
    ...(badLines.length === 0 ? [] : [`${name} has lines that are no checksum and path: ${toLineWords(badLines)}.`]),
    ...(disputed === 0 ? [] : [`${name} has different checksums for the same file, ${disputed} times.`]),
  ];
}

function findDisputed({ entries }: LoadedManifest): number {
  const first = new Map<string, string>();
  let disputed = 0;
  for (const { path, sha256 } of entries) {
    if ((first.get(path) ?? sha256) !== sha256) disputed += 1;
    first.set(path, sha256);
  }
  return disputed;
}

const MOST_LINES_NAMED = 5;

function toLineWords(lines: readonly number[]): string {
  const more = lines.length - MOST_LINES_NAMED;
  return `${lines.slice(0, MOST_LINES_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
