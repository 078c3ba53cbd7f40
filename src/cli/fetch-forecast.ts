import type { FetchPlan } from "../ingest/fetch-plan.ts";
import { toByteWords, toCountWords } from "./wording.ts";

/** Says how much a fetch is about to bring, as far as the vendor states it. */
export function toForecast({ items }: FetchPlan): string {
  const wanted = items.filter(({ action }) => action.type === "download" || action.type === "restore");
  const sizes = wanted.flatMap(({ remote }) => remote.sizeBytes ?? []);
  const bytes = sizes.reduce((sum, sizeBytes) => sum + sizeBytes, 0);
  const held = wanted.reduce((sum, { action }) => sum + ("heldBytes" in action ? action.heldBytes : 0), 0);
  const unknown = wanted.length - sizes.length;
  return [
    `${toCountWords(wanted.length, "recording")} of ${items.length} to download, ${toByteWords(bytes)}`,
    ...(unknown > 0 ? [`${unknown} of unknown size`] : []),
    ...(held > 0 ? [`${toByteWords(held)} of it held from an earlier run`] : []),
  ].join(", ");
}
