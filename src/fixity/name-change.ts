import type { StoredAudio } from "../archive/schema.ts";
import type { Finding } from "../core/finding.ts";
import type { Expected } from "./holding.ts";
import { toIdentityChange } from "./identity-change.ts";
import { isBitRot, type RegularLook } from "./judge.ts";

/**
 * Says of a file whose digest differs what became of it, as far as what is recorded of its audio tells, and whether the disk
 * did it. Pure.
 *
 * @param look - What was seen, with its identity, if it is known.
 */
export function nameChange(expected: Expected, found: Finding, look: RegularLook, audio?: StoredAudio): Finding {
  const { identity } = look;
  const change = audio === undefined || identity === undefined ? undefined : toIdentityChange(audio, identity);
  const named = change === undefined ? found : { subject: found.subject, ...change };
  return isBitRot(expected, look.trace) ? toBitRot(named) : named;
}

function toBitRot(finding: Finding): Finding {
  const message = `bit rot: ${finding.message}; size, time of change and inode are those of a sound file`;
  return { ...finding, message, detail: { ...finding.detail, cause: "bit-rot" } };
}
