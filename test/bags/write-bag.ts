import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import type { BagCase } from "./bag-case.ts";

/** Writes the bag of a case into a folder that is removed when the test ends. */
export async function writeBag({ files, arrange }: Pick<BagCase, "files" | "arrange">): Promise<string> {
  const folder = join(await makeTemporaryFolder(), "bag");
  await mkdir(folder);
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
  await arrange?.(folder);
  return folder;
}
