import type { Notice } from "../../core/notice.ts";
import { element } from "./element.ts";
import { toFactList } from "./fact-list.ts";
import { toInstantWords } from "./measure-words.ts";

const ANNOUNCED: Readonly<Record<Notice["announcement"], string>> = {
  played: "It was announced that the call is recorded",
  "not-played": "It was not announced that the call is recorded",
  unknown: "Not known",
};

const CONSENTED: Readonly<Record<Notice["consent"], string>> = {
  given: "Given",
  "not-asked": "Not asked for",
  unknown: "Not known",
};

/** Tells why a call was recorded, and that nobody checked it. */
export function toNoticeParts(notice: Notice): readonly HTMLElement[] {
  const facts = toFactList([
    ["Ground", notice.ground],
    ["Announcement", ANNOUNCED[notice.announcement]],
    ["Its words", notice.announcementText],
    ["Consent", CONSENTED[notice.consent]],
    ["Policy", notice.policy],
    ["Stated", `${toInstantWords(notice.statedAt)}, by the operator's rule “${notice.rule}”`],
  ]);
  return [element("p", { className: "aside" }, "Stated by the operator, unchecked."), facts];
}
