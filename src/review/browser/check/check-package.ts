import type { CheckProgress, CheckRequest, PickedFile } from "./check-messages.ts";
import { type CheckOutcome, toOutcome } from "./check-outcome.ts";
import { FolderNames } from "./folder-names.ts";
import { hashFiles } from "./hash-files.ts";
import { judgeFiles } from "./judge-files.ts";
import { loadManifest, MANIFEST_NAME, TAG_MANIFEST_NAME } from "./load-manifest.ts";
import { findProblems, type Manifests } from "./manifest-problems.ts";

/**
 * Reads every listed file of a package to its end and holds it against the manifests, and these against each other and
 * against what the page knows of them.
 *
 * Only the files that were picked are ever looked at, whatever else a list names. Memory is a few pieces of files, and the
 * lists themselves.
 */
export async function checkPackage(
  request: CheckRequest,
  onProgress: (progress: CheckProgress) => void,
): Promise<CheckOutcome> {
  const names = new FolderNames(request.files);
  const [payload, tags] = [await loadManifest(names, MANIFEST_NAME), await loadManifest(names, TAG_MANIFEST_NAME)];
  const manifests = { payload, tags };
  const known = new Map([payload, tags].flatMap(({ name, sha256 }) => (sha256 === undefined ? [] : [[name, sha256]])));
  const files = findListed(names, manifests).filter(({ path }) => !known.has(path));
  const progress = { files: 0, ofFiles: files.length, bytes: 0, ofBytes: toSize(files) };
  const hashed = await hashFiles(files, (read) => {
    progress.files += read.files;
    progress.bytes += read.bytes;
    onProgress(progress);
  });
  const digests = new Map([...known, ...hashed]);
  const outcomes = judgeFiles({ request, names, manifests, digests });
  const bytes = toSize(
    request.files.filter(({ path }) => path !== TAG_MANIFEST_NAME && digests.get(path) !== undefined),
  );
  return toOutcome(outcomes, { bytes, problems: findProblems(manifests), tagManifestSha256: tags.sha256 });
}

/** In the order of the lists, each file once. */
function findListed(names: FolderNames, { payload, tags }: Manifests): readonly PickedFile[] {
  const found = new Set<PickedFile>();
  for (const { entries } of [payload, tags]) {
    for (const { path } of entries) {
      const file = names.find(path);
      if (file !== undefined) found.add(file);
    }
  }
  return [...found];
}

function toSize(files: readonly PickedFile[]): number {
  return files.reduce((sum, { file }) => sum + file.size, 0);
}
