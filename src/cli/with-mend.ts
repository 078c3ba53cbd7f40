import { hostname } from "node:os";
import type { Archive } from "../archive/archive.ts";
import { openHealSource } from "../compose-copies.ts";
import { toArchiveMend } from "../fixity/archive-mend.ts";
import type { Mend } from "../fixity/verify-run.ts";
import type { CommandContext } from "./command.ts";
import { loadApiKey } from "./load-api-key.ts";
import { RETRY } from "./retry.ts";
import { toUserName } from "./user-name.ts";
import type { VerifyFlags } from "./verify-flags.ts";

/** Opens what mends an archive, if it is to be mended, and closes it when `use` settles. */
export async function withMend<T>(
  archive: Archive,
  { flags, context }: { readonly flags: VerifyFlags; readonly context: CommandContext },
  use: (mend: Mend | undefined) => Promise<T>,
): Promise<T> {
  const { clock, signal, config } = context;
  const by = { user: toUserName(), host: hostname() };
  if (flags.heal === undefined) {
    return use(flags.quarantine ? toArchiveMend(archive, { source: undefined, by, clock, signal }) : undefined);
  }
  const options = { archive, settings: config.settings, loadApiKey: () => loadApiKey(context), retry: RETRY, clock };
  const source = await openHealSource(flags.heal, options);
  try {
    return await use(toArchiveMend(archive, { source, by, clock, signal }));
  } finally {
    await source.close();
  }
}
