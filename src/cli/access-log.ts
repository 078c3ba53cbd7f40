import { toAccessText } from "../archive/access-note.ts";
import { toInbox } from "../compose.ts";
import { isHoldfastError } from "../core/errors.ts";
import { toRunId } from "../core/run-id.ts";
import { findAccessed } from "./access-places.ts";
import type { CommandContext } from "./command.ts";
import { toActor } from "./load-custodian.ts";

/**
 * Notes which files of archives a command is about to read without opening the archive. Whoever opens it next takes the notes
 * into the ledger: another run may have the lock for days. Where nothing can be written, reading goes on and that is said.
 */
export async function noteAccess(paths: readonly string[], command: string, context: CommandContext): Promise<void> {
  const { clock, output } = context;
  for (const { location, keys, recordingId } of await findAccessed(paths)) {
    const atMs = clock.now();
    const text = toAccessText({ command, actor: toActor(context), atMs, keys, recordingId });
    try {
      await toInbox(location).leave(`${toRunId(atMs)}.json`, text);
    } catch (error) {
      if (!isHoldfastError(error)) throw error;
      output.error(`warning: no event will tell that files of the archive ${location} were read: ${error.message}`);
    }
  }
}
