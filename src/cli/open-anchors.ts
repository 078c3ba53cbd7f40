import { ConfigError } from "../config/errors.ts";
import { liesWithin } from "../io/lies-within.ts";
import { toRealPath } from "../io/real-path.ts";
import { type Anchor, FileAnchor } from "../ledger/anchor.ts";
import type { CommandContext } from "./command.ts";

/** What of a command's context anchors are opened with. */
export type AnchorContext = Pick<CommandContext, "config" | "clock">;

/**
 * Opens the places where checkpoints are kept outside the archive: files, and addresses of time stamping authorities.
 *
 * @throws {ConfigError} one is neither, or lies in the archive, with which it would be put back to an earlier state.
 */
export async function openAnchors(places: readonly string[], context: AnchorContext): Promise<readonly Anchor[]> {
  const anchors: Anchor[] = [];
  for (const place of places) anchors.push(await openAnchor(place, context));
  return anchors;
}

/** Opens the anchor that is set, if one is. */
export function openSetAnchors(context: AnchorContext): Promise<readonly Anchor[]> {
  const { ledgerAnchor } = context.config.settings;
  return openAnchors(ledgerAnchor === undefined ? [] : [ledgerAnchor], context);
}

async function openAnchor(place: string, { config: { settings }, clock }: AnchorContext): Promise<Anchor> {
  if (/^https?:\/\//i.test(place) && URL.canParse(place)) {
    const [{ TimestampAnchor }, { toLedgerFolder }] = await Promise.all([
      import("../archive/timestamp-anchor.ts"),
      import("../compose.ts"),
    ]);
    const timeoutMs = settings.timeoutSeconds * 1000;
    return new TimestampAnchor(place, { ledgerFolder: toLedgerFolder(settings.archive), timeoutMs, clock });
  }
  // What is written there may hold a password.
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(place))
    throw new ConfigError("an anchor is a file, or an address of http or https");
  const [path, archive] = await Promise.all([toRealPath(place), toRealPath(settings.archive)]);
  if (liesWithin(archive, path))
    throw new ConfigError(`an anchor in the archive goes with it, and shows nothing: ${place}`);
  return new FileAnchor(place);
}
