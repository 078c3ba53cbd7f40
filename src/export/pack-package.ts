import { OWNER } from "../io/abandoned-files.ts";
import { StagedFile } from "../io/staged-file.ts";
import type { StagedFolder } from "../io/staged-folder.ts";
import { packFolder } from "../packaging/pack-folder.ts";
import { toPackageName } from "./package-name.ts";
import type { PackageRequest } from "./package-request.ts";

/** A package that is whole, under a name that is never final. */
export type StagedPackage = Pick<StagedFolder, "path" | "commit" | "discard">;

/** What packing needs to know. */
export interface PackOptions extends Pick<PackageRequest, "form" | "outFolder" | "case"> {
  /** A day in UTC. */
  readonly madeOn: string;
  readonly signal?: AbortSignal | undefined;
}

/** Gives a package the form that was asked for; of one that is packed the folder is gone then. */
export async function packPackage(
  staged: StagedFolder,
  { form, outFolder, case: name, madeOn, signal }: PackOptions,
): Promise<StagedPackage> {
  if (form === "dir") return staged;
  const rootName = toPackageName(name);
  const into = new StagedFile(outFolder, `.${rootName}.${OWNER}`);
  try {
    await packFolder(staged.path, { form, rootName, modifiedAtMs: Date.parse(madeOn), into, signal });
    await into.seal();
    await staged.discard();
    return into;
  } catch (error) {
    await into.discard();
    throw error;
  }
}
