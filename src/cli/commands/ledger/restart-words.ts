import type { OldLedger, Restarted, RestartPlan } from "../../../archive/restart-ledger.ts";
import { toVisible } from "../../terminal.ts";
import { toCountWords } from "../../wording.ts";

/** Says what is wrong with a ledger, what of it can be taken over, and what cannot be known. */
export function toPlanLines({ problem, old, staleAnchors }: RestartPlan): readonly string[] {
  return [
    ...(old === undefined
      ? [`${problem}: the new ledger is finished and has not got its name yet`]
      : [`the ledger cannot be gone on with: ${problem}`, ...toOldLines(old)]),
    ...staleAnchors.map(
      (place) =>
        `${place} vouches for the old ledger, and every command refuses a new one beside it: name another anchor, and keep this one, which is what speaks for the old events`,
    ),
  ].map(toVisible);
}

/** Says what was done. */
export function toRestartedLines(
  { old }: RestartPlan,
  { location, quarantinedAs }: Restarted & { readonly location: string },
): readonly string[] {
  return [
    ...(quarantinedAs === undefined ? [] : [`the old ledger lies, as it was, in ${location}/${quarantinedAs}`]),
    old === undefined
      ? "the new ledger has its name now"
      : "a new ledger begins; it tells of every recording what the catalogue said now, and of what was before only by naming the old one",
  ].map(toVisible);
}

function toOldLines({ salvaged, carried, doubts }: OldLedger): readonly string[] {
  const { lines, proven } = salvaged;
  const { held, released, unproven } = carried;
  const lost = doubts.map((doubt) => `a hold may be lost: ${doubt}`);
  if (lines === 0) return lost;
  return [
    `${toCountWords(lines, "event")} in it, of which the first ${proven} are proven by this key's signature`,
    `taken over: ${toCountWords(held, "event")} that hold, ${toCountWords(released, "release")}`,
    ...(unproven === 0
      ? []
      : [`not taken over: ${toCountWords(unproven, "release")} that nothing proves; what was let go so is held again`]),
    ...lost,
    ...(doubts.length === 0 ? [] : ["hold your own list of held cases against `holdfast hold list` afterwards"]),
  ];
}
