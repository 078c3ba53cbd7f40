import { tryParseInstant } from "../core/clock.ts";
import type { NoticeRule } from "../core/notice.ts";
import type { Config } from "./resolve-config.ts";
import type { NoticeSettings } from "./schema.ts";

/** Gives the rules of the configuration file that say why and on what ground recordings were made, in its order. */
export function toNoticeRules({ notices }: Pick<Config, "notices">): readonly NoticeRule[] {
  return notices.map(({ name, match, ...statement }) => ({ name, match: toMatch(match), statement }));
}

/** What cannot be read was refused with the file. */
function toMatch({ since, until, ...match }: NonNullable<NoticeSettings["match"]> = {}): NoticeRule["match"] {
  return { ...match, sinceMs: tryParseInstant(since ?? ""), untilMs: tryParseInstant(until ?? "") };
}
