import type { Archive } from "../archive/archive.ts";
import { openArchive } from "../compose.ts";
import type { CommandContext } from "./command.ts";

/** Opens the configured archive, for this process alone, and closes it when `use` settles. */
export async function withArchive<T>(
  { config, clock, output }: CommandContext,
  { create }: { readonly create: boolean },
  use: (archive: Archive) => Promise<T>,
): Promise<T> {
  const archive = await openArchive(config.settings.archive, { clock, create });
  try {
    const { indexed } = archive.rebuilt;
    if (indexed > 0) output.note(`the catalogue was missing: rebuilt from ${indexed} sidecars`);
    return await use(archive);
  } finally {
    await archive.close();
  }
}
